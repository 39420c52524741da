import { project } from '../../jest.preset.js';

export default project('testing', { globalSetup: '@gantry/testing/jest-postgres' });
