import nx from '@nx/eslint-plugin';
import { createProjectGraphAsync, readCachedProjectGraph } from 'nx/src/devkit-exports.js';

const nxRule = nx.rules['enforce-module-boundaries'];

/** Why there are findings that do not come from a constraint. */
const REASONS = {
  noCircularDependencies: 'Imports run downwards only: what is imported must not import back.',
  noTransitiveDependencies:
    'A package names in its own package.json what it needs, or it breaks where its neighbours are not installed.',
  noRelativeOrAbsoluteImportsAcrossLibraries:
    'A project is imported by its name, so that what its index.ts does not export stays its own business.',
};

// Without a project graph Nx skips its rule and prints a warning, and everything seems to be in order.
try {
  readCachedProjectGraph();
} catch {
  await createProjectGraphAsync({ exitOnError: true });
}

/**
 * `@nx/enforce-module-boundaries` with the reason of what it forbids in every message. The only option is the list
 * of constraints, as Nx has them, each with a `reason`.
 */
export const moduleBoundaries = {
  meta: {
    ...nxRule.meta,
    docs: { description: 'Keeps every project within its layer, scope and kind.' },
    messages: Object.fromEntries(
      Object.entries(nxRule.meta.messages).map(([id, message]) => [id, `${message}\n{{reason}}`]),
    ),
    schema: [
      {
        type: 'array',
        items: {
          type: 'object',
          required: ['sourceTag', 'reason'],
          properties: { reason: { type: 'string', minLength: 1 } },
        },
      },
    ],
    defaultOptions: [[]],
  },
  create(context) {
    const [constraints] = context.options;
    const options = {
      depConstraints: constraints.map(({ reason: _, ...constraint }) => constraint),
      banTransitiveDependencies: true,
    };

    function report({ messageId, data, ...finding }) {
      const broken = constraints.find(({ sourceTag }) => sourceTag === data?.sourceTag);
      const reason = broken?.reason ?? REASONS[messageId] ?? '';
      context.report({ ...finding, messageId, data: { ...data, reason } });
    }

    return nxRule.create(
      Object.create(context, { options: { value: [options] }, report: { value: report } }),
    );
  },
};
