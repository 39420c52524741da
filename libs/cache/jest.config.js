import { project } from '../../jest.preset.js';

export default project('cache', {
  // What needs a container engine is skipped where there is none.
  threshold: process.env.GANTRY_REQUIRE_CONTAINERS ? 90 : 50,
  globalSetup: '@gantry/testing/jest-postgres',
});
