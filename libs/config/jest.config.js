import { project } from '../../jest.preset.js';

export default project('config', { threshold: 95 });
