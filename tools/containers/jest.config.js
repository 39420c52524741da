import { project } from '../../jest.preset.js';

export default project('containers', {
  // What needs Docker is covered by test/container, which `nx test-container containers` runs.
  coverage: ['src/**/*.ts', '!src/image.ts'],
  testMatch: ['<rootDir>/src/**/*.spec.ts', '<rootDir>/test/*.spec.ts'],
});
