/** Tests, and what only they import. */
export const TESTS = ['**/*.spec.ts', '{apps,libs,tools,examples}/*/{test,bench}/**/*.ts'];

/** What is published or deployed. Tests are to be taken out with `ignores`. */
export const PRODUCTION = ['{apps,libs,examples}/*/src/**/*.ts'];
