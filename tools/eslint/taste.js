import { PRODUCTION, TESTS } from './files.js';

const EMPTY_NAMES = {
  selector:
    ':matches(ClassDeclaration, TSInterfaceDeclaration, TSTypeAliasDeclaration)[id.name=/(Manager|Helper|Util|Utils|Data)$/]',
  message: 'Manager, Helper, Util and Data say nothing: name it with the word the domain has for it.',
};

const SILENT_TESTS = [
  {
    selector: 'MemberExpression[object.name=/^(describe|it|test)$/][property.name="only"]',
    message: 'A test that keeps the others from running must not be committed.',
  },
  {
    // `(condition ? it : it.skip)(…)` is fine: some tests need root or a container engine.
    selector:
      ':not(ConditionalExpression) > MemberExpression[object.name=/^(describe|it|test)$/][property.name=/^(skip|todo|failing)$/]',
    message: 'A test that never runs must not be committed.',
  },
  {
    selector: 'CallExpression[callee.name=/^(fdescribe|fit|xdescribe|xit|xtest)$/]',
    message: 'A test that never runs, or keeps the others from running, must not be committed.',
  },
];

const STDOUT = 'stdout belongs to the MCP messages of the stdio transport: use Log, which writes to stderr.';

/** How we write. */
export const taste = [
  {
    files: ['**/*.{js,ts}'],
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      'max-lines': ['error', { max: 300 }],
      'no-restricted-syntax': ['error', EMPTY_NAMES],
      eqeqeq: 'error',
      'object-shorthand': 'error',
    },
  },
  {
    files: TESTS,
    rules: { 'no-restricted-syntax': ['error', EMPTY_NAMES, ...SILENT_TESTS] },
  },
  {
    files: PRODUCTION,
    ignores: TESTS,
    rules: {
      'no-console': 'error',
      'no-restricted-properties': ['error', { object: 'process', property: 'stdout', message: STDOUT }],
      'no-restricted-imports': [
        'error',
        {
          paths: ['process', 'node:process'].map((name) => ({
            name,
            importNames: ['stdout'],
            message: STDOUT,
          })),
        },
      ],
    },
  },
];
