// Lets plain Node run the sources of the workspace, as jest does: Node itself strips types, but knows no decorators.
// For child processes of tests: `node --import @gantry/testing/typescript file.ts`.
import { registerHooks } from 'node:module';
import { transformSync } from '@swc/core';

registerHooks({
  resolve: (specifier, context, next) =>
    next(specifier, { ...context, conditions: ['@gantry/source', ...context.conditions] }),
  load(url, context, next) {
    if (!url.endsWith('.ts')) return next(url, context);
    const { source } = next(url, { ...context, format: 'module' });
    const { code } = transformSync(String(source), {
      jsc: {
        target: 'es2024',
        parser: { syntax: 'typescript', decorators: true },
        transform: { legacyDecorator: true, decoratorMetadata: true },
        keepClassNames: true,
      },
      module: { type: 'es6' },
    });
    return { format: 'module', source: code, shortCircuit: true };
  },
});
