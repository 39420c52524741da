import { writeJson, type Tree } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { readFileSync } from 'node:fs';

/** Packages that services and libraries are made of. */
const PINNED = {
  '@nestjs/common': '12.5.1',
  postgres: '3.4.9',
  'typeid-js': '1.2.0',
  zod: '4.6.7',
};

const LIBRARIES = [
  ...['audit', 'auth', 'config', 'errors', 'idempotency', 'jobs', 'observability', 'pagination', 'pipeline'],
  ...['postgres', 'rate-limit', 'service', 'testing'],
];

/** As much of the repository as generators look at, in memory: libraries, tools over all services, one service. */
export function smallWorkspace(): Tree {
  const tree = createTreeWithEmptyWorkspace();
  tree.delete('.oxfmtrc.json');
  tree.write('.prettierrc', sourceOf('.prettierrc.json'));
  const manifest = (folder: string, name: string, dependencies = {}) =>
    writeJson(tree, `${folder}/package.json`, { name: `@gantry/${name}`, version: '0.3.0', dependencies });
  for (const library of LIBRARIES) manifest(`libs/${library}`, library);
  for (const tool of ['charts', 'contract', 'dashboards', 'dev']) manifest(`tools/${tool}`, tool);
  manifest('apps/payments', 'payments', PINNED);
  tree.write(
    'tools/dev/src/stack-settings.ts',
    'const AUTHORIZATION_PORT_OFFSET = 0;\nconst POSTGRES_PORT_OFFSET = 3;\n',
  );
  tree.write(
    'tools/dev/src/services/payments.ts',
    'export const PAYMENTS = { portOffset: 1, simulator: { portOffset: 2 } };\n',
  );
  tree.write('deploy/charts/gantry-service/Chart.yaml', 'name: gantry-service\nversion: 1.2.0\n');
  tree.write('apps/payments/src/payments.module.ts', sourceOf('apps/payments/src/payments.module.ts'));
  return tree;
}

/** A file of the repository. */
export function sourceOf(path: string): string {
  return readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
}

/** Paths of what was generated. */
export function createdIn(tree: Tree, folder: string): string[] {
  return tree
    .listChanges()
    .map(({ path }) => path)
    .filter((path) => path.startsWith(folder))
    .sort();
}
