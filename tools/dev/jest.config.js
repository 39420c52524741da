import { project } from '../../jest.preset.js';

export default project('dev', {
  coverage: [
    'src/**/*.ts',
    // Types alone.
    '!src/**/*.d.ts',
    '!src/authorization/options.ts',
    // Run as processes of their own, which coverage does not see: test/cli.spec.ts, test/e2e.
    '!src/cli.ts',
    '!src/demo-call.ts',
    '!src/stop-request.ts',
    '!src/token.ts',
    '!src/services.ts',
    '!src/services/*.ts',
  ],
  // test/e2e needs the built services; `make test-e2e` runs it.
  testMatch: ['<rootDir>/src/**/*.spec.ts', '<rootDir>/test/*.spec.ts'],
});
