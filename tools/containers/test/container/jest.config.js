import { project } from '../../../../jest.preset.js';

// Images and containers of the bundled services: the slowest part is to start what they need.
export default project('containers in Docker', {
  testMatch: ['<rootDir>/*.spec.ts'],
  globalSetup: '@gantry/testing/jest-postgres',
  testTimeout: 120_000,
});
