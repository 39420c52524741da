import { project } from '../../jest.preset.js';

export default project('packages', { testTimeout: 300_000 });
