import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chartNames, CHARTS } from '../src/folders.ts';
import { generatedFiles } from '../src/generated-files.ts';

describe('what is made for a chart', () => {
  it.each(chartNames())('of %s is there and up to date: else run `make charts`', async (chart) => {
    for (const [path, text] of await generatedFiles(chart))
      expect({ path, text: readFileSync(join(CHARTS, chart, path), 'utf8') }).toEqual({ path, text });
  });
});
