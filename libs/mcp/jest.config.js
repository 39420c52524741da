import { project } from '../../jest.preset.js';

export default project('mcp', { globalSetup: '@gantry/testing/jest-postgres' });
