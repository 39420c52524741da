import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { lint } from './lint.js';
import { pretend, pretendNothing } from './project-graph.js';

const use = (source) => `import { thing } from '${source}';\n\nthing();\n`;

const LOWER = 'A library imports only from lower layers';
const PUBLISHED = 'A library is published: apps, tools and everything made for tests stay out';
const DEPLOYED =
  'An app imports libraries alone: other apps are reached over MCP, and nothing made for tests';
const COPIED = 'An example shows what can be done in a repository of its own';

beforeAll(() =>
  pretend([
    { name: 'payments', root: 'apps/payments', tags: ['type:app', 'scope:payments'] },
    { name: 'payment-terms', root: 'libs/payment-terms', tags: ['type:lib', 'layer:0', 'scope:payments'] },
    // The libraries that there are have tests, which use the test material: that would be a circle as well.
    { name: 'tariffs', root: 'libs/tariffs', tags: ['type:lib', 'layer:2'] },
    { name: 'bench', root: 'tools/bench', tags: ['type:tool'] },
    { name: 'sample', root: 'examples/sample', tags: ['type:example'] },
  ]),
);
afterAll(pretendNothing);

describe('is forbidden', () => {
  it.each([
    ['a lower layer to import a higher one', 'libs/config/src/new.ts', '@gantry/pipeline', LOWER],
    ['a library to import its own layer', 'libs/auth/src/new.ts', '@gantry/postgres', LOWER],
    ['a spec to import a higher layer', 'libs/config/src/new.spec.ts', '@gantry/pipeline', LOWER],
    ['a library to import an app', 'libs/service/src/new.ts', '@gantry/payments', PUBLISHED],
    ['a library to import a tool', 'libs/service/src/new.ts', '@gantry/bench', PUBLISHED],
    [
      'an app to import what belongs to another domain',
      'apps/records/src/new.ts',
      '@gantry/payment-terms',
      'A domain never reaches another domain',
    ],
    ['a library to import what is for tests', 'libs/service/src/new.ts', '@gantry/testing', PUBLISHED],
    ['an app to import another app', 'apps/records/src/new.ts', '@gantry/payments', DEPLOYED],
    ['an app to import another app in a spec', 'apps/records/test/new.spec.ts', '@gantry/payments', DEPLOYED],
    ['an app to import what is for tests', 'apps/records/src/new.ts', '@gantry/testing', DEPLOYED],
    ['an app to import the embedded database', 'apps/records/src/main.ts', '@gantry/dev-postgres', DEPLOYED],
    [
      'test material to import more than the vocabulary',
      'libs/testing/src/new.ts',
      '@gantry/tariffs',
      'knows only the vocabulary',
    ],
    ['an example to import an app', 'examples/plugin/src/new.ts', '@gantry/payments', COPIED],
    ['an example to import what is for tests', 'examples/plugin/src/new.ts', '@gantry/testing', COPIED],
    ['a library to import an example', 'libs/service/src/new.ts', '@gantry/sample', PUBLISHED],
    ['an app to import an example', 'apps/records/src/new.ts', '@gantry/sample', DEPLOYED],
    [
      'two libraries to import each other',
      'libs/errors/src/new.ts',
      '@gantry/pipeline',
      'what is imported must not import back',
    ],
    [
      'to use a package that package.json does not name',
      'libs/errors/src/new.ts',
      'fastify',
      'names in its own package.json',
    ],
    [
      'to import a neighbour by its path',
      'libs/config/src/new.ts',
      '../../errors/src/index.ts',
      'imported by its name',
    ],
  ])('%s', async (_, path, source, reason) => {
    const messages = await lint(path, use(source));
    expect(messages).toEqual([expect.stringContaining(reason)]);
    expect(messages[0]).toMatch(/^gantry\/module-boundaries: /);
  });

  it('to do it with a type, a re-export or a dynamic import', async () => {
    const code = [
      `import type { Thing } from '@gantry/pipeline';`,
      `export * from '@gantry/pipeline';`,
      `export const thing = (await import('@gantry/pipeline')) as Thing;`,
    ].join('\n');
    const messages = await lint('libs/config/test/new.ts', code);
    expect(messages.filter((message) => message.includes(LOWER))).toHaveLength(3);
  });
});

describe('is allowed', () => {
  it.each([
    ['a library to import a lower layer', 'libs/pipeline/src/new.ts', '@gantry/errors'],
    ['a library to import a package that it names', 'libs/config/src/new.ts', 'zod'],
    ['a library to import from Node', 'libs/config/src/new.ts', 'node:fs'],
    ['an app to import a library', 'apps/records/src/new.ts', '@gantry/service'],
    ['a spec of a library to import what is for tests', 'libs/postgres/src/new.spec.ts', '@gantry/testing'],
    ['an integration test of an app to do so', 'apps/records/test/new.spec.ts', '@gantry/testing'],
    ['test material to import the vocabulary', 'libs/testing/src/new.ts', '@gantry/pipeline'],
    ['an example to import a library', 'examples/plugin/src/new.ts', '@gantry/service'],
    ['a test of an example to import what is for tests', 'examples/plugin/test/new.ts', '@gantry/testing'],
    ['a tool to import an app', 'tools/dev/src/new.ts', '@gantry/payments'],
    ['a tool to import the embedded database', 'tools/dev/src/new.ts', '@gantry/dev-postgres'],
  ])('%s', async (_, path, source) => {
    expect(await lint(path, use(source))).toEqual([]);
  });
});
