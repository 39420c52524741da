import { setTimeout as sleep } from 'node:timers/promises';
import { waitFor } from '@gantry/testing';
import { describe, expect, it } from '@jest/globals';
import { Operations } from '../src/index.ts';
import { OperationStore } from '../src/operations/operation-store.ts';
import { useFixture } from './fixture.ts';
import { cancel, caller, check, startFill } from './operation-calls.ts';
import { began, fill, operationProviders } from './operation-handlers.ts';

const the = useFixture(operationProviders, { MCP_OPERATIONS_LEASE_SECONDS: '2' });

async function ended(id: string) {
  return waitFor(async () => {
    const view = await check(the.replica, id);
    return view.poll_after_seconds === undefined ? view : undefined;
  }, 10_000);
}

async function things(): Promise<number> {
  return (await the.replica.things()).filter((name) => name.startsWith(the.thing)).length;
}

async function progressed(id: string): Promise<void> {
  await waitFor(async () => (await check(the.replica, id)).progress.done > 0);
}

describe('an operation', () => {
  it('runs once its unit of work has committed, and keeps its result', async () => {
    const call = caller();
    const started = await the.replica.write(() =>
      the.replica.app.get(Operations).start(call, fill, { name: the.thing, count: 25 }),
    );
    expect(started).toMatchObject({
      operation_id: expect.stringMatching(/^op_/),
      tool: 'fill_things',
      status: 'queued',
      progress: { done: 0 },
      poll_after_seconds: 2,
    });
    const view = await ended(started.operation_id);
    expect(view).toMatchObject({
      status: 'succeeded',
      progress: { done: 25, total: 25, message: '25 of 25' },
      result: { added: 25, resumed_at: 0 },
    });
    expect(await things()).toBe(25);
  });

  it('does not exist if its unit of work rolls back', async () => {
    let id = '';
    const failing = the.replica.write(async () => {
      const operations = the.replica.app.get(Operations);
      ({ operation_id: id } = await operations.start(caller(), fill, { name: the.thing, count: 1 }));
      throw new Error('changed its mind');
    });
    await expect(failing).rejects.toThrow('changed its mind');
    await expect(check(the.replica, id)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('says at its start how long it can be asked for at most', async () => {
    const operations = the.replica.app.get(Operations);
    const started = await the.replica.write(() =>
      operations.start(caller(), fill, { name: the.thing, count: 1 }),
    );
    const keptUntil = operations.keptUntil(started);
    expect(Date.parse(keptUntil) - Date.parse(started.expires_at)).toBe(24 * 3_600_000);
    const { expires_at: forgottenAt } = await ended(started.operation_id);
    expect(Date.parse(keptUntil)).toBeGreaterThanOrEqual(Date.parse(forgottenAt));
  });

  it('needs an input that fits and a handler', async () => {
    const operations = the.replica.app.get(Operations);
    const start = (kind: string, input: never) =>
      the.replica.write(() => operations.start(caller(), { ...fill, kind }, input));
    await expect(start('fill', {} as never)).rejects.toMatchObject({ code: 'validation_error' });
    await expect(start('empty', {} as never)).rejects.toThrow('kind empty');
  });

  it('is visible to its owner alone', async () => {
    const id = await startFill(the.replica, { name: the.thing, count: 1 });
    await ended(id);
    for (const other of [{ subject: 'bob' }, { client: 'other agent' }, { tenant: 'umbrella' }]) {
      await expect(check(the.replica, id, other)).rejects.toMatchObject({ code: 'not_found' });
      await expect(cancel(the.replica, id, other)).rejects.toMatchObject({ code: 'not_found' });
    }
  });

  it('never changes once it has finished, whoever tries', async () => {
    const id = await startFill(the.replica, { name: the.thing, count: 1 });
    await ended(id);
    await expect(cancel(the.replica, id)).rejects.toMatchObject({ code: 'operation_already_finished' });
    const change = the.replica.write(
      () => the.replica.database.sql`update operations set status = 'queued' where id = ${id}`,
    );
    await expect(change).rejects.toThrow('never changes');
    const rewrite = the.replica.write(
      () => the.replica.database.sql`update operations set input = '{}' where id = ${id}`,
    );
    await expect(rewrite).rejects.toThrow('permission denied');
    const remove = the.replica.write(() => the.replica.database.sql`delete from operations where id = ${id}`);
    await expect(remove).rejects.toThrow('permission denied');
    expect(await check(the.replica, id)).toMatchObject({ status: 'succeeded' });
  });
});

describe('an operation that fails', () => {
  it('for good keeps the batches before and says why', async () => {
    const id = await startFill(the.replica, { name: the.thing, count: 30, at: 20, trouble: 'refused' });
    expect(await ended(id)).toMatchObject({
      status: 'failed',
      error: { code: 'thing_refused', retryable: false },
      progress: { done: 20 },
    });
    expect(await things()).toBe(20);
  });

  it('by a bug says nothing of its insides', async () => {
    const id = await startFill(the.replica, { name: the.thing, count: 10, at: 0, trouble: 'bug' });
    const view = await ended(id);
    expect(view).toMatchObject({ status: 'failed', error: { code: 'internal_error' } });
    expect(JSON.stringify(view)).not.toContain('secret internals');
  });

  it('for now goes on from its last checkpoint', async () => {
    const id = await startFill(the.replica, {
      name: the.thing,
      count: 30,
      at: 10,
      trouble: 'unavailable once',
    });
    expect(await ended(id)).toMatchObject({ status: 'succeeded', result: { added: 30, resumed_at: 10 } });
    expect(await things()).toBe(30);
  });

  it('because its result is too large', async () => {
    const id = await startFill(the.replica, { name: the.thing, count: 1, trouble: 'huge result' });
    expect(await ended(id)).toMatchObject({ status: 'failed', error: { code: 'internal_error' } });
  });

  it('again and again without progress is given up', async () => {
    const id = await the.replica.write(async () => {
      const operations = the.replica.app.get(Operations);
      const { operation_id } = await operations.start(caller(), fill, { name: the.thing, count: 1 });
      // As five replicas would leave it that died of it.
      await the.replica.database.sql`update operations set attempts = 5 where id = ${operation_id}`;
      return operation_id;
    });
    expect(await ended(id)).toMatchObject({ status: 'failed', error: { code: 'internal_error' } });
    expect(began.filter(({ name }) => name === the.thing)).toEqual([]);
  });

  it('because it was not finished in time stops', async () => {
    const id = await startFill(the.replica, { name: the.thing, count: 1_000, pause_ms: 100 });
    await progressed(id);
    await the.owner`alter table operations no force row level security`;
    await the.owner`update operations set expires_at = now() where id = ${id}`;
    await the.owner`alter table operations force row level security`;
    expect(await ended(id)).toMatchObject({ status: 'failed', error: { code: 'timeout' } });
    const left = await things();
    await sleep(500);
    expect(await things()).toBe(left);
  });
});

describe('a finished operation', () => {
  it('is forgotten when its time has passed', async () => {
    const id = await startFill(the.replica, { name: the.thing, count: 1 });
    await ended(id);
    await the.owner`alter table operations disable trigger keep_finished, no force row level security`;
    await the.owner`update operations set expires_at = now() where id = ${id}`;
    await the.owner`alter table operations enable trigger keep_finished, force row level security`;
    await expect(check(the.replica, id)).rejects.toMatchObject({ code: 'not_found' });
    expect(await the.replica.app.get(OperationStore).forget(100)).toBe(1);
    const rows = await the.replica.write(
      () => the.replica.database.sql`select from operations where id = ${id}`,
    );
    expect(rows).toHaveLength(0);
  });
});

describe('a cancelled operation', () => {
  it('writes nothing from the moment of the cancel, and stops within a second', async () => {
    const id = await startFill(the.replica, { name: the.thing, count: 1_000, pause_ms: 100 });
    await progressed(id);
    const view = await cancel(the.replica, id);
    expect(view).toMatchObject({ status: 'cancelled' });
    expect(await things()).toBe(view.progress.done);
    await sleep(1_000);
    expect(await things()).toBe(view.progress.done);
    expect(await cancel(the.replica, id)).toEqual(view);
    expect(await check(the.replica, id)).toEqual(view);
  });

  it('undoes the batch that is under way', async () => {
    const id = await startFill(the.replica, { name: the.thing, count: 10, pause_ms: 8_000 });
    await waitFor(() => began.some(({ name }) => name === the.thing));
    await cancel(the.replica, id);
    expect(await things()).toBe(0);
    // Its transaction is gone within a second of the cancel.
    await sleep(1_000);
    const [{ open }] = await the.replica.database.inspect(
      (sql) => sql<[{ open: number }]>`
        select count(*)::integer as open from pg_stat_activity
        where datname = current_database() and usename = current_user
          and now() - xact_start > interval '900 milliseconds'`,
      1_000,
    );
    expect(open).toBe(0);
  });

  it('that nobody runs yet never runs', async () => {
    const call = caller();
    const id = await the.replica.write(async () => {
      const operations = the.replica.app.get(Operations);
      const { operation_id } = await operations.start(call, fill, { name: the.thing, count: 1 });
      await operations.cancel(call, operation_id);
      return operation_id;
    });
    await sleep(800);
    expect(await check(the.replica, id)).toMatchObject({ status: 'cancelled' });
    expect(began.filter(({ name }) => name === the.thing)).toEqual([]);
  });
});
