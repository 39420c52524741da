/**
 * The one jest configuration: native ESM, TypeScript through SWC, sources of the workspace's own
 * libraries instead of their builds. `project()` adds what differs from project to project.
 */
export function project(displayName, { coverage = ['src/**/*.ts'], threshold = 90, ...rest } = {}) {
  return {
    displayName,
    testEnvironment: 'node',
    testEnvironmentOptions: { customExportConditions: ['@gantry/source', 'node', 'node-addons'] },
    testMatch: ['<rootDir>/src/**/*.spec.ts', '<rootDir>/test/**/*.spec.ts'],
    extensionsToTreatAsEsm: ['.ts'],
    transform: {
      '\\.ts$': [
        '@swc/jest',
        {
          jsc: {
            target: 'es2024',
            parser: { syntax: 'typescript', decorators: true },
            transform: { legacyDecorator: true, decoratorMetadata: true },
            keepClassNames: true,
          },
          module: { type: 'es6' },
          sourceMaps: 'inline',
        },
      ],
    },
    collectCoverageFrom: [...coverage, '!**/*.spec.ts', '!**/index.ts', '!**/main.ts'],
    // V8 would count in all that is loaded, packages too, and in what earlier spec files of the process have left:
    // half of the time of a test run. Babel counts in the sources of the project alone.
    coverageProvider: 'babel',
    coverageReporters: ['text-summary', 'json-summary', 'lcovonly'],
    coverageDirectory: 'coverage',
    coverageThreshold: { global: { lines: threshold } },
    testTimeout: 30_000,
    ...rest,
  };
}
