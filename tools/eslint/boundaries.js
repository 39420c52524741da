import { readdirSync } from 'node:fs';
import { TESTS } from './files.js';
import { gantry } from './plugin.js';

/** The layers in ascending order; every library has one of them as its tag. */
const LAYERS = ['layer:0', 'layer:1', 'layer:2', 'layer:3', 'layer:4', 'layer:5', 'layer:6'];

/** An app's folder is its scope: orders, payments, records. */
const SCOPES = readdirSync(new URL('../../apps', import.meta.url));

const layers = LAYERS.map((layer, height) => ({
  sourceTag: layer,
  onlyDependOnLibsWithTags: LAYERS.slice(0, height),
  reason:
    'A library imports only from lower layers, so that it can be understood, tested and published with nothing but what is below it.',
}));

const scopes = SCOPES.map((scope) => ({
  sourceTag: `scope:${scope}`,
  notDependOnLibsWithTags: [`/^scope:(?!${scope}$)/`],
  reason:
    'A domain never reaches another domain through imports: services are deployed apart and talk to each other over MCP.',
}));

const kinds = [
  {
    sourceTag: 'type:lib',
    onlyDependOnLibsWithTags: ['type:lib'],
    reason:
      'A library is published: apps, tools and everything made for tests stay out of what its users install.',
  },
  {
    sourceTag: 'type:app',
    onlyDependOnLibsWithTags: ['type:lib'],
    reason:
      'An app imports libraries alone: other apps are reached over MCP, and nothing made for tests is deployed.',
  },
  {
    sourceTag: 'type:testing',
    onlyDependOnLibsWithTags: ['layer:0', 'layer:1', 'type:testing'],
    reason:
      'What tests are made of knows only the vocabulary, so that the tests of every library above can use it without a circle.',
  },
  {
    sourceTag: 'type:tool',
    onlyDependOnLibsWithTags: ['type:lib', 'type:app', 'type:testing', 'type:tool'],
    reason: 'A tool is run by developers and may use everything.',
  },
  {
    sourceTag: 'type:example',
    onlyDependOnLibsWithTags: ['type:lib'],
    reason:
      'An example shows what can be done in a repository of its own: it has nothing but what is published.',
  },
];

/** What production code may import. Of several constraints that are broken the first is reported. */
const constraints = [...kinds, ...scopes, ...layers];

/** Tests may import what was made for tests as well. */
const constraintsForTests = constraints.map((constraint) =>
  constraint.onlyDependOnLibsWithTags
    ? { ...constraint, onlyDependOnLibsWithTags: [...constraint.onlyDependOnLibsWithTags, 'type:testing'] }
    : constraint,
);

/** Who may import whom. */
export const boundaries = [
  {
    files: ['{apps,libs,tools,examples}/**/*.{js,ts}'],
    // The peers of the benchmark are a package of their own, installed when it runs.
    ignores: ['**/jest.config.js', 'tools/bench/peers/**'],
    plugins: { gantry },
    rules: { 'gantry/module-boundaries': ['error', constraints] },
  },
  {
    files: TESTS,
    rules: { 'gantry/module-boundaries': ['error', constraintsForTests] },
  },
  {
    files: ['apps/*/src/domain/**/*.ts'],
    rules: { 'gantry/pure-domain': 'error' },
  },
];
