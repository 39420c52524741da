import { readJson } from '@nx/devkit';
import { describe, expect, it } from '@jest/globals';
import { createdIn, smallWorkspace } from '../../test/small-workspace.ts';
import library from './generator.ts';

describe('the generator of libraries', () => {
  const tree = smallWorkspace();

  it('makes a library of a layer, released together with all others', async () => {
    await library(tree, { name: 'money-format', layer: 4 });
    expect(createdIn(tree, 'libs/money-format/src')).toEqual(
      ['index.ts', 'money-format.spec.ts', 'money-format.ts'].map((file) => `libs/money-format/src/${file}`),
    );
    expect(readJson(tree, 'libs/money-format/package.json')).toMatchObject({
      name: '@gantry/money-format',
      version: '0.3.0',
      nx: { tags: ['type:lib', 'layer:4'] },
    });
  });

  it('takes no name that a project has', async () => {
    await expect(library(tree, { name: 'errors', layer: 0 })).rejects.toThrow('@gantry/errors');
  });
});
