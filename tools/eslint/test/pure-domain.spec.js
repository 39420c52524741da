import { describe, expect, it } from '@jest/globals';
import { lint } from './lint.js';

const RULE = /^gantry\/pure-domain: domain\/ may not import .* tools → domain ← store/;
const findings = async (path, code) => (await lint(path, code)).filter((message) => RULE.test(message));

describe('domain/ may not import', () => {
  it.each([
    ['a framework', '@nestjs/common'],
    ['the validation library', 'zod'],
    ['a library other than errors', '@gantry/postgres'],
    ['something of Node', 'node:fs'],
    ['the store', '../store/order-rows.ts'],
    ['a tool', '../tools/create-order.tool.ts'],
    ['its own module', '../orders.module.ts'],
  ])('%s', async (_, source) => {
    expect(await findings('apps/records/src/domain/rule.ts', `export * from '${source}';`)).toHaveLength(1);
  });

  it('anything in any form of import', async () => {
    const code = [
      `import type { Rows } from '../store/rows.ts';`,
      `import '../store/rows.ts';`,
      `export { thing } from '../store/rows.ts';`,
      `export const rows = import('../store/rows.ts') as Promise<Rows>;`,
    ].join('\n');
    expect(await findings('apps/records/src/domain/rule.ts', code)).toHaveLength(4);
  });

  it('the store in a spec either', async () => {
    const code = `import { rows } from '../store/rows.ts';\n\nrows();\n`;
    expect(await findings('apps/records/src/domain/rule.spec.ts', code)).toHaveLength(1);
  });
});

describe('domain/ may import', () => {
  it.each([
    ['the errors', 'rule.ts', '@gantry/errors'],
    ['its own files', 'rule.ts', './price.ts'],
    ['its own files from a folder within', 'pricing/rule.ts', '../price.ts'],
    ['a test framework in a spec', 'rule.spec.ts', '@jest/globals'],
  ])('%s', async (_, file, source) => {
    const code = `import { thing } from '${source}';\n\nthing();\n`;
    expect(await lint(`apps/records/src/domain/${file}`, code)).toEqual([]);
  });
});

describe('other folders', () => {
  it('may import the domain and frameworks', async () => {
    const code = `import { Injectable } from '@nestjs/common';\nimport { price } from '../domain/price.ts';\n\nprice(Injectable);\n`;
    expect(await lint('apps/records/src/tools/new.tool.ts', code)).toEqual([]);
  });
});
