import { readJson, writeJson } from '@nx/devkit';
import { describe, expect, it } from '@jest/globals';
import { smallWorkspace } from '../test/small-workspace.ts';
import { addDependency, expectUnused, freePortOffset, textOf, versionIn } from './workspace.ts';

describe('the workspace', () => {
  const tree = smallWorkspace();

  it('tells which versions it uses', () => {
    expect(versionIn(tree, '@gantry/errors')).toBe('0.3.0');
    expect(versionIn(tree, 'zod')).toBe('4.6.7');
    expect(() => versionIn(tree, 'left-pad')).toThrow('left-pad');
  });

  it('knows which names are taken, by packages and by projects', () => {
    writeJson(tree, 'tools/generators/package.json', { name: '@gantry/tools', nx: { name: 'generators' } });
    expect(() => expectUnused(tree, 'tools')).toThrow('@gantry/tools');
    expect(() => expectUnused(tree, 'generators')).toThrow('@gantry/tools');
    expect(() => expectUnused(tree, 'inventory')).not.toThrow();
  });

  it('finds a port that nobody has: no service, no simulator, no other part of the stack', () => {
    expect(freePortOffset(tree)).toBe(4);
  });

  it('lets a package depend on another one, in the order of names', () => {
    addDependency(tree, 'apps/payments', 'dependencies', 'nothing', '1.0.0');
    const { dependencies } = readJson(tree, 'apps/payments/package.json');
    expect(Object.keys(dependencies)).toEqual(['@nestjs/common', 'nothing', 'postgres', 'typeid-js', 'zod']);
  });

  it('says which file is missing', () => {
    expect(() => textOf(tree, 'apps/payments/nothing.ts')).toThrow('apps/payments/nothing.ts');
  });
});
