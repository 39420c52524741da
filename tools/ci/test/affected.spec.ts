import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ScratchClone } from './scratch-clone.ts';

interface Affected {
  readonly projects: string[];
  readonly images: string[];
  readonly charts: string[];
}

let clone: ScratchClone;
let tools: Set<string>;

beforeAll(() => {
  clone = new ScratchClone();
  tools = new Set(
    JSON.parse(clone.run('nx', 'show', 'projects', '--projects=tools/*', '--json')) as string[],
  );
}, 120_000);

afterAll(() => clone.remove());

/** What is affected by one line more in a file. Tools stand apart: which of them look at what is their affair. */
function affected(file: string): Affected & { readonly testedWith: string[] } {
  const branch = file.replaceAll(/\W/g, '-');
  clone.change(branch, file, '// One line more.');
  const answer = clone.run(
    'node',
    '--conditions=@gantry/source',
    'tools/ci/src/affected.ts',
    '--base=main',
    `--head=${branch}`,
  );
  const { projects, images, charts } = JSON.parse(answer) as Affected;
  return {
    projects: projects.filter((name) => !tools.has(name)),
    images,
    charts,
    testedWith: projects.filter((name) => tools.has(name)),
  };
}

describe('what a change builds', () => {
  it('an app: its image and its chart', () => {
    expect(affected('apps/records/src/main.ts')).toEqual({
      projects: ['chart-records', 'records'],
      images: ['records'],
      charts: ['chart-records'],
      // Where all services run together.
      testedWith: expect.arrayContaining(['dev']),
    });
  }, 120_000);

  it('a library: the services that use it, and no other', () => {
    expect(affected('libs/money/src/index.ts')).toEqual({
      projects: ['chart-orders', 'chart-payments', 'money', 'orders', 'payments'],
      images: ['orders', 'payments'],
      charts: ['chart-orders', 'chart-payments'],
      testedWith: expect.arrayContaining(['dev']),
    });
  }, 120_000);

  it('a document: nothing', () => {
    expect(affected('docs/architecture.md')).toEqual({
      projects: [],
      images: [],
      charts: [],
      testedWith: [],
    });
  }, 120_000);

  it('what all images are made with: every image', () => {
    expect(affected('deploy/containers/Containerfile').images).toEqual(
      readdirSync(join(clone.root, 'apps')).sort(),
    );
  }, 120_000);
});
