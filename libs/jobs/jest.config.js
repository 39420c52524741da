import { project } from '../../jest.preset.js';

export default project('jobs', { globalSetup: '@gantry/testing/jest-postgres' });
