import { project } from '../../../../jest.preset.js';

// The whole stack with the built services; a first start makes a database cluster.
export default project('dev e2e', { testMatch: ['<rootDir>/*.spec.ts'], testTimeout: 300_000 });
