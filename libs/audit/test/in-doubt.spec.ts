import { startTcpProxy, waitFor, type TcpProxy } from '@gantry/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import postgres from 'postgres';
import { useFixture } from './fixture.ts';
import { startReplica, type Replica } from './replica.ts';

const the = useFixture();
let proxy: TcpProxy;
let replica: Replica;
let observer: postgres.Sql;

beforeAll(async () => {
  proxy = await startTcpProxy(the.serviceUrl);
  replica = await startReplica(proxy.through(the.serviceUrl));
  observer = postgres(the.serviceUrl, { max: 1 });
});
afterAll(async () => {
  await replica.stop();
  await observer.end();
  await proxy.close();
});

async function entries(requestId: string) {
  return (await the.replica.rows()).filter(({ request_id: id }) => id === requestId);
}

/** The entries of a call, as soon as there are any. */
function written(requestId: string) {
  return waitFor(async () => {
    const found = await entries(requestId);
    return found.length > 0 ? found : undefined;
  }, 10_000);
}

/** Resolves when a backend is in the middle of a slow commit. */
function committing() {
  return waitFor(async () => {
    const [backend] = await observer<{ pid: number }[]>`
      select pid from pg_stat_activity where wait_event = 'PgSleep' and query ilike 'commit%'`;
    return backend;
  });
}

describe('a commit that fails', () => {
  it.each([
    ['because the database refuses it', 'refused at commit', 'internal_error', async () => {}],
    [
      'because its backend is ended',
      'slow commit, ended',
      'dependency_unavailable',
      async () => {
        const { pid } = await committing();
        await observer`select pg_terminate_backend(${pid})`;
      },
    ],
  ])(
    '%s: the entry that was in it is lost, the call has one all the same',
    async (_, name, outcome, meanwhile) => {
      const calling = replica.tool('create', async () => (await replica.addThing(name), {}))();
      await meanwhile();
      const answer = await calling;
      expect(answer.outcome).toBe(outcome);
      expect(await written(answer.requestId)).toMatchObject([{ outcome, error_id: answer.errorId }]);
      expect(await the.replica.things()).not.toContain(name);
    },
  );
});

describe('a connection that is lost', () => {
  it('during the commit: the call that took effect has one entry, and it says so', async () => {
    const calling = replica.tool('create', async () => (await replica.addThing('slow commit'), {}))();
    await committing();
    proxy.cut();
    proxy.resume();
    const answer = await calling;
    expect(answer.outcome).toBe('dependency_unavailable');
    // The batch finds the row of the open transaction in its way, and waits for it.
    const [entry] = await written(answer.requestId);
    expect(entry).toMatchObject({ outcome: 'ok', effect: 'create' });
    expect(await the.replica.things()).toContain('slow commit');
    await waitFor(async () => (await replica.metric('mcp_audit_queue_entries')) === 0, 10_000);
    expect(await entries(answer.requestId)).toHaveLength(1);
  });

  it('before the commit: the call that was undone has one entry, and it says why', async () => {
    const begun = Promise.withResolvers<void>();
    const lost = Promise.withResolvers<void>();
    const calling = replica.tool('create', async () => {
      await replica.addThing('undone');
      begun.resolve();
      await lost.promise;
      return {};
    })();
    await begun.promise;
    proxy.cut();
    proxy.resume();
    lost.resolve();
    const answer = await calling;
    expect(answer.outcome).toBe('dependency_unavailable');
    expect(await written(answer.requestId)).toMatchObject([
      { outcome: 'dependency_unavailable', error_id: answer.errorId },
    ]);
    expect(await the.replica.things()).not.toContain('undone');
  });
});
