import { project } from '../../jest.preset.js';

export default project('payments', { globalSetup: '@gantry/testing/jest-postgres' });
