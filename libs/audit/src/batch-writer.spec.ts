import { Config } from '@gantry/config';
import { sharedError } from '@gantry/errors';
import { Log, Metrics, runInContext } from '@gantry/observability';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { AuditEntry } from './audit-entry.ts';
import { AuditMetrics } from './audit-metrics.ts';
import type { AuditStore } from './audit-store.ts';
import { BatchWriter } from './batch-writer.ts';
import { auditSettings } from './settings.ts';

const FLUSH_MS = 100;
const RETRY_MS = 1_000;

/** A database that can be away, or keep one tenant waiting. */
class FakeStore {
  isAway = false;
  readonly inserts: [tenant: string, count: number][] = [];
  readonly held = new Map<string, Promise<void>>();

  async insertMissing(tenant: string, entries: readonly AuditEntry[]): Promise<void> {
    await this.held.get(tenant);
    if (this.isAway) throw sharedError('dependency_unavailable', 'Away.');
    this.inserts.push([tenant, entries.length]);
  }
}

function entry(tenant = 'acme'): AuditEntry {
  return { tenant_id: tenant, at: '', effect: 'read', outcome: 'ok' } as AuditEntry;
}

describe('BatchWriter', () => {
  let store: FakeStore;
  let lines: Record<string, unknown>[];
  let writer: BatchWriter;

  beforeEach(() => {
    jest.useFakeTimers();
    store = new FakeStore();
    lines = [];
    const log = Log.create({ destination: { write: (line) => void lines.push(JSON.parse(line)) } });
    const config = Config.of([auditSettings], {
      MCP_AUDIT_FLUSH_MS: String(FLUSH_MS),
      MCP_AUDIT_BATCH_ROWS: '3',
    });
    writer = new BatchWriter(store as unknown as AuditStore, new AuditMetrics(new Metrics()), log, config);
  });
  afterEach(async () => {
    await writer.beforeApplicationShutdown();
    jest.useRealTimers();
  });

  it('writes an entry when its time is over, not before', async () => {
    writer.add(entry());
    await jest.advanceTimersByTimeAsync(FLUSH_MS - 1);
    writer.add(entry());
    expect(store.inserts).toEqual([]);
    await jest.advanceTimersByTimeAsync(1);
    expect(store.inserts).toEqual([['acme', 2]]);
  });

  it('writes a full batch at once, with one insert per tenant', async () => {
    for (const tenant of ['acme', 'globex', 'acme']) writer.add(entry(tenant));
    await jest.advanceTimersByTimeAsync(0);
    expect(store.inserts.toSorted()).toEqual([
      ['acme', 2],
      ['globex', 1],
    ]);
  });

  it('gathers what is added during a write for the next one', async () => {
    const hold = Promise.withResolvers<void>();
    store.held.set('acme', hold.promise);
    writer.add(entry());
    await jest.advanceTimersByTimeAsync(FLUSH_MS);
    for (let count = 0; count < 2; count++) writer.add(entry());
    hold.resolve();
    await jest.advanceTimersByTimeAsync(0);
    expect(store.inserts).toEqual([['acme', 1]]);
    await jest.advanceTimersByTimeAsync(FLUSH_MS);
    expect(store.inserts).toEqual([
      ['acme', 1],
      ['acme', 2],
    ]);
  });

  it('does not let a tenant whose insert has to wait keep the others waiting', async () => {
    const hold = Promise.withResolvers<void>();
    store.held.set('slow', hold.promise);
    for (const tenant of ['slow', 'acme', 'globex']) writer.add(entry(tenant));
    await jest.advanceTimersByTimeAsync(0);
    expect(store.inserts).toEqual([
      ['acme', 1],
      ['globex', 1],
    ]);
    hold.resolve();
  });

  it('says once that it cannot write, as nobody’s call, tries again at leisure, and says when it can', async () => {
    store.isAway = true;
    runInContext({ requestId: 'req_1', tenant: 'acme', tool: 'get_thing' }, () => {
      for (let count = 0; count < 7; count++) writer.add(entry(`tenant-${count % 2}`));
    });
    await jest.advanceTimersByTimeAsync(5 * RETRY_MS);
    expect(lines).toEqual([expect.objectContaining({ level: 'warn', err: expect.anything() })]);
    expect(lines[0]).not.toHaveProperty('request_id');
    store.isAway = false;
    await jest.advanceTimersByTimeAsync(RETRY_MS);
    expect(store.inserts.reduce((sum, [, count]) => sum + count, 0)).toBe(7);
    expect(lines.map(({ level }) => level)).toEqual(['warn', 'info']);
  });

  it('says how many entries are lost when the service stops without a database', async () => {
    store.isAway = true;
    writer.add(entry());
    writer.add(entry());
    await writer.beforeApplicationShutdown();
    expect(lines.at(-1)).toMatchObject({ level: 'error', lost: 2 });
  });

  it('waits, when the service stops, for the write that is running, and writes the rest', async () => {
    const hold = Promise.withResolvers<void>();
    store.held.set('acme', hold.promise);
    writer.add(entry());
    await jest.advanceTimersByTimeAsync(FLUSH_MS);
    writer.add(entry('globex'));
    const stopped = writer.beforeApplicationShutdown();
    hold.resolve();
    // Of a call that ends in the middle of it.
    const holdToo = Promise.withResolvers<void>();
    store.held.set('globex', holdToo.promise);
    await jest.advanceTimersByTimeAsync(0);
    writer.add(entry('late'));
    holdToo.resolve();
    await stopped;
    expect(store.inserts).toEqual([
      ['acme', 1],
      ['globex', 1],
      ['late', 1],
    ]);
    expect(lines).toEqual([]);
  });
});
