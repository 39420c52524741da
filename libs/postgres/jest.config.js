import { project } from '../../jest.preset.js';

export default project('postgres', { globalSetup: '@gantry/testing/jest-postgres' });
