import { dirname, resolve } from 'node:path';

/** Pure libraries, and what of Node is pure calculation, here hashing and deep equality. */
const ALLOWED = new Set(['@gantry/errors', '@gantry/money', 'node:crypto', 'node:util']);

/** `domain/` imports pure libraries, its own files and Node's pure calculations, nothing else. Its specs may use packages to test with. */
export const pureDomain = {
  meta: {
    type: 'problem',
    docs: { description: 'Keeps frameworks, SQL and the network out of business rules.' },
    schema: [],
    messages: {
      impure:
        'domain/ may not import "{{source}}": business rules import @gantry/errors, @gantry/money and their own files alone, so that they are read and tested without framework, SQL or network. Dependencies point inward: tools → domain ← store.',
    },
  },
  create(context) {
    const [domain] = /^.*?[\\/]src[\\/]domain[\\/]/.exec(context.filename) ?? [];
    const isSpec = context.filename.endsWith('.spec.ts');
    if (!domain) return {};

    function isAllowed(source) {
      if (source.startsWith('.')) return resolve(dirname(context.filename), source).startsWith(domain);
      return ALLOWED.has(source) || isSpec;
    }

    function check({ source }) {
      if (typeof source?.value !== 'string' || isAllowed(source.value)) return;
      context.report({ node: source, messageId: 'impure', data: { source: source.value } });
    }

    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
    };
  },
};
