import { describe, expect, it } from '@jest/globals';
import { ToolRefusal } from './call-tool.ts';
import { COUNTRY_DOCUMENTS } from './demo-countries.ts';
import { seedRecords } from './seed-records.ts';
import type { CallTool } from './tool-request.ts';

/** As much of records as the demo data meets. */
function records(codes?: string[]): { call: CallTool; calls: [string, Record<string, unknown>][] } {
  const calls: [string, Record<string, unknown>][] = [];
  const call: CallTool = async (tool, args) => {
    calls.push([tool, args]);
    if (tool !== 'list_records') return {};
    if (codes === undefined) throw new ToolRefusal('no such collection', { code: 'collection_not_found' });
    return { items: codes.map((code) => ({ data: { code } })) };
  };
  return { call, calls };
}

const created = (calls: [string, Record<string, unknown>][]) =>
  calls.filter(([tool]) => tool === 'create_record').map(([, args]) => args);

describe('seedRecords', () => {
  it('defines the collection and creates every record under a key of its own', async () => {
    const { call, calls } = records();
    expect(await seedRecords(call)).toBe('12 records in "countries"');
    expect(calls[1]?.[0]).toBe('define_collection');
    const keys = created(calls).map(({ idempotency_key }) => idempotency_key);
    expect(new Set(keys).size).toBe(12);
  });

  it('creates only what is missing, and leaves the definition as it is', async () => {
    const { call, calls } = records(['BR', 'CA']);
    await seedRecords(call);
    expect(calls.map(([tool]) => tool)).not.toContain('define_collection');
    expect(created(calls)).toHaveLength(10);
  });

  it('does nothing when everything is there, and counts deleted records as there', async () => {
    const { call, calls } = records(COUNTRY_DOCUMENTS.map(({ code }) => code));
    expect(await seedRecords(call)).toBe('all there');
    expect(calls).toHaveLength(1);
    expect(calls[0]?.[1]).toMatchObject({ include_deleted: true });
  });

  it('does not take another refusal for a missing collection', async () => {
    const call: CallTool = () => Promise.reject(new ToolRefusal('no', { code: 'permission_denied' }));
    await expect(seedRecords(call)).rejects.toThrow('no');
  });
});
