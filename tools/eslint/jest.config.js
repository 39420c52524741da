import { project } from '../../jest.preset.js';

export default project('eslint-rules', {
  coverage: ['**/*.js', '!jest.config.js', '!coverage/**'],
  testMatch: ['<rootDir>/**/*.spec.js'],
});
