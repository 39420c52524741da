import { readJson } from '@nx/devkit';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { createdIn, smallWorkspace } from '../../test/small-workspace.ts';
import service from './generator.ts';

describe('the generator of services', () => {
  const tree = smallWorkspace();

  beforeAll(async () => {
    await service(tree, { name: 'catalogue', noun: 'category' });
  });

  it('makes an app, an entry of the development stack and a chart', () => {
    expect(createdIn(tree, 'apps/catalogue')).toEqual(
      expect.arrayContaining([
        'apps/catalogue/migrations/0001_categories.sql',
        'apps/catalogue/src/catalogue.module.ts',
        'apps/catalogue/src/tools/create-category.tool.spec.ts',
        'apps/catalogue/src/tools/list-categories.tool.ts',
      ]),
    );
    expect(tree.read('tools/dev/src/services/catalogue.ts', 'utf8')).toContain('portOffset: 4');
    expect(tree.read('deploy/charts/catalogue/Chart.yaml', 'utf8')).toContain(
      'name: gantry-service\n    version: 1.2.0',
    );
  });

  it('uses the word in all its forms, and nothing of the template is left', () => {
    for (const path of createdIn(tree, 'apps/catalogue')) {
      expect(path).not.toMatch(/__|\.template$/);
      expect(tree.read(path, 'utf8')).not.toMatch(/<%|%>|_items?\b|\bitem\b/);
    }
    const tool = tree.read('apps/catalogue/src/tools/create-category.tool.ts', 'utf8');
    expect(tool).toContain(`title: 'Create a category'`);
    expect(tree.read('apps/catalogue/migrations/0001_categories.sql', 'utf8')).toContain(`'^cat_[0-7]`);
  });

  it('uses the versions of the repository', () => {
    expect(readJson(tree, 'apps/catalogue/package.json').dependencies).toMatchObject({
      '@gantry/service': '0.3.0',
      zod: '4.6.7',
    });
  });

  it('makes it known to what is over all services', () => {
    for (const [tool, kind] of [
      ['charts', 'dependencies'],
      ['dashboards', 'devDependencies'],
      ['dev', 'dependencies'],
    ] as const)
      expect(readJson(tree, `tools/${tool}/package.json`)[kind]).toHaveProperty(
        ['@gantry/catalogue'],
        '0.1.0',
      );
  });

  it('takes no name that a project has', async () => {
    await expect(service(tree, { name: 'payments', noun: 'item' })).rejects.toThrow('@gantry/payments');
  });
});
