import { project } from '../../jest.preset.js';

export default project('orders', { globalSetup: '@gantry/testing/jest-postgres' });
