import { project } from '../../jest.preset.js';

export default project('gateway', {
  globalSetup: '@gantry/testing/jest-postgres',
  // The rest starts nginx, which not every machine has.
  coverage: ['src/template.ts'],
});
