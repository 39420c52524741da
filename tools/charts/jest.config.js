import { project } from '../../jest.preset.js';

export default project('charts', {
  globalSetup: '@gantry/testing/jest-postgres',
  // deploy.ts is tested as a process, and Helm is fetched once a machine.
  coverage: ['src/**/*.ts', '!src/deploy.ts', '!src/fetched-helm.ts'],
});
