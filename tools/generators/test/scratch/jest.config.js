import { project } from '../../../../jest.preset.js';

// A whole copy of the repository, in which whatever a developer would do is done.
export default project('generators in a copy of the repository', {
  testMatch: ['<rootDir>/*.spec.ts'],
  testTimeout: 300_000,
});
