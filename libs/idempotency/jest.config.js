import { project } from '../../jest.preset.js';

export default project('idempotency', { globalSetup: '@gantry/testing/jest-postgres' });
