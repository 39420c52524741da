import { describe, expect, it } from '@jest/globals';
import { sourceOf } from '../../test/small-workspace.ts';
import { withTool } from './providers.ts';

/** Lines that a text has and another one has not, each with the line before it. */
function added(before: string, after: string): string[][] {
  const known = new Set(before.split('\n'));
  const lines = after.split('\n');
  return lines.flatMap((line, place) => (known.has(line) ? [] : [[lines[place - 1]!.trim(), line.trim()]]));
}

describe('withTool', () => {
  const tool = { name: 'MergeRecordsTool', file: './tools/merge-records.tool.ts' };

  it.each([
    ['records', "import { ListRecordsTool } from './tools/list-records.tool.ts';", 'ExportRecordsTool,'],
    [
      'payments',
      "import { ListPaymentsTool } from './tools/list-payments.tool.ts';",
      'CancelReconciliationTool,',
    ],
    ['orders', "import { ListOrdersTool } from './tools/list-orders.tool.ts';", 'ReturnOrderTool,'],
  ])('adds a tool to %s: among the imports by name, behind its own tools', (service, neighbour, last) => {
    const module = sourceOf(`apps/${service}/src/${service}.module.ts`);
    expect(added(module, withTool(module, tool)!)).toEqual([
      [neighbour, `import { MergeRecordsTool } from './tools/merge-records.tool.ts';`],
      [last, 'MergeRecordsTool,'],
    ]);
  });

  it('finds the place behind all imports', () => {
    const module = sourceOf('apps/records/src/records.module.ts');
    const changed = withTool(module, { name: 'ZipTool', file: './tools/zip.tool.ts' })!;
    expect(added(module, changed)[0]).toEqual([
      `import { UpdateRecordTool } from './tools/update-record.tool.ts';`,
      `import { ZipTool } from './tools/zip.tool.ts';`,
    ]);
  });

  it('sees no place where there are no tools', () => {
    expect(withTool('@Module({ providers: [] })\n', tool)).toBeUndefined();
  });
});
