import { project } from '../../jest.preset.js';

export default project('money', { threshold: 95 });
