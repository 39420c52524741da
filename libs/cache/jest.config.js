import { project } from '../../jest.preset.js';

export default project('cache', { globalSetup: '@gantry/testing/jest-postgres' });
