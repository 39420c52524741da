import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chartNames, LIBRARY_CHART, ROOT } from '../src/folders.ts';
import { packageChart } from '../src/package-chart.ts';
import { describeWithHelm } from './helm-here.ts';

describeWithHelm('a packed chart', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'gantry-packed-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(chartNames())(
    'of %s has the version of its service and all that it takes to install it',
    (chart) => {
      const { version } = JSON.parse(readFileSync(join(ROOT, 'apps', chart, 'package.json'), 'utf8')) as {
        version: string;
      };

      packageChart(chart, folder);

      const files = execFileSync('tar', ['-tzf', join(folder, `${chart}-${version}.tgz`)], {
        encoding: 'utf8',
      });
      for (const file of [
        'values.yaml',
        'values.schema.json',
        'README.md',
        'files/alerts.yaml',
        'templates/NOTES.txt',
      ])
        expect(files).toContain(`${chart}/${file}\n`);
      expect(files).toContain(`${chart}/charts/${LIBRARY_CHART}/templates/_deployment.tpl\n`);
      for (const file of ['ci/', 'project.json', 'own.values.yaml', 'service.schema.json'])
        expect(files).not.toContain(file);
    },
  );

  it('can be the library chart, for charts outside of this repository', () => {
    expect(packageChart(LIBRARY_CHART, folder)).toContain(`${LIBRARY_CHART}-`);
  });
});
