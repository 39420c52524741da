import { project } from '../../jest.preset.js';

export default project('generators', {
  // Other programs run in it, which coverage does not see: test/scratch.
  coverage: ['src/**/*.ts', '!src/follow-up.ts'],
  // test/scratch generates into a clone of the repository; `make test-generators` runs it.
  testMatch: ['<rootDir>/src/**/*.spec.ts'],
});
