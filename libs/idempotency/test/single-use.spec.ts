import { randomUUID } from 'node:crypto';
import { sharedError } from '@gantry/errors';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { useFixture } from './fixture.ts';

const the = useFixture();
let ticket: { id: string; validSeconds: number };

beforeEach(() => {
  ticket = { id: randomUUID(), validSeconds: 600 };
});

const used = { code: 'validation_error', error: 'These answers have been used already.' };

/** Lets time pass for the tickets of a tenant. */
const age = (hours: number, tenant = 'acme') =>
  the.replica.write(
    () => the.replica.database.sql`
      update used_tickets set expires_at = expires_at - make_interval(hours => ${hours})`,
    tenant,
  );
const ticketsOf = (tenant: string) =>
  the.replica.database.read({ tenant }, async () => {
    const rows = await the.replica.database.sql<{ id: string }[]>`select id from used_tickets`;
    return rows.map((row) => row.id);
  });

describe('a ticket', () => {
  it('lets one call take effect', async () => {
    const change = the.replica.tool('update', the.add);
    expect(await change({ ticket, input: { name: the.thing } })).toHaveProperty('output');
    expect(await change({ ticket, input: { name: the.thing } })).toMatchObject({ error: used });
    expect(await the.count(the.thing)).toBe(1);
  });

  it('lets one of many calls at once take effect', async () => {
    const change = the.replica.tool('update', the.add);
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => change({ ticket, input: { name: the.thing } })),
    );
    expect(answers.filter(({ output }) => output)).toHaveLength(1);
    expect(await the.count(the.thing)).toBe(1);
  });

  it('is another one for another tenant', async () => {
    const change = the.replica.tool('update', async () => ({}));
    await change({ ticket });
    expect(await change({ ticket, tenant: 'umbrella' })).toHaveProperty('output');
    expect(await ticketsOf('umbrella')).toContain(ticket.id);
    expect(await ticketsOf('(none)')).toEqual([]);
  });

  it('is not used up by a call that rolls back, and is by one that refuses for good', async () => {
    const endings = [sharedError('dependency_unavailable', 'Later.'), sharedError('not_found', 'Never.')];
    const change = the.replica.tool('update', async () => {
      throw endings.shift()!;
    });
    expect(await change({ ticket })).toMatchObject({ error: { code: 'dependency_unavailable' } });
    expect(await change({ ticket })).toMatchObject({ error: { code: 'not_found' } });
    expect(await change({ ticket })).toMatchObject({ error: used });
  });

  it('is not looked at when its call is replayed by its key', async () => {
    const create = the.replica.tool('create', the.add);
    const first = await create({ ticket, key: the.key, input: { name: the.thing } });
    const again = await create({ ticket, key: the.key, input: { name: the.thing } });
    expect(again).toEqual({ ...first, replay: true });
    // Under another key it is refused, and the refusal is not kept: without the ticket the key is free.
    const other = `${the.key} other`;
    expect(await create({ ticket, key: other })).toMatchObject({ error: used });
    expect(await create({ key: other })).toMatchObject({ output: {}, replay: false });
  });

  it('is nothing to a tool that reads', async () => {
    const look = the.replica.tool('read', async () => ({}));
    await look({ ticket });
    expect(await look({ ticket })).toHaveProperty('output');
  });
});

describe('a ticket of an external effect', () => {
  it('is used up before the effect, and given back after a failure that passes', async () => {
    const seen: string[][] = [];
    const endings = [sharedError('timeout', 'Too slow.'), undefined];
    const send = the.replica.tool('external', async () => {
      seen.push((await ticketsOf('acme')).filter((id) => id === ticket.id));
      const ending = endings.shift();
      if (ending) throw ending;
      return {};
    });
    expect(await send({ ticket })).toMatchObject({ error: { code: 'timeout' } });
    expect(await send({ ticket })).toHaveProperty('output');
    expect(await send({ ticket })).toMatchObject({ error: used });
    expect(seen).toEqual([[ticket.id], [ticket.id]]);
  });

  it('is given back although the client has gone', async () => {
    const leaving = new AbortController();
    const send = the.replica.tool('external', async (_, { signal }) => {
      if (signal !== leaving.signal) return {};
      leaving.abort();
      throw sharedError('cancelled', 'Gone.');
    });
    await send({ ticket, signal: leaving.signal });
    expect(await send({ ticket })).toHaveProperty('output');
  });

  it('stays used up if it cannot be given back', async () => {
    const send = the.replica.tool('external', async () => {
      await the.owner`revoke update on used_tickets from gantry_service`;
      throw sharedError('timeout', 'Too slow.');
    });
    expect(await send({ ticket })).toMatchObject({ error: { code: 'timeout' } });
    await the.owner`grant update on used_tickets to gantry_service`;
    expect(await send({ ticket })).toMatchObject({ error: used });
  });
});

describe('a used ticket', () => {
  it('is remembered for an hour longer than it is valid, and then purged', async () => {
    const change = the.replica.tool('update', async () => ({}));
    await change({ ticket });
    await change({ ticket, tenant: 'umbrella' });
    await age(1);
    expect(await change({ ticket })).toMatchObject({ error: used });
    await age(1);
    await the.replica.expiredKeys.purge(100);
    expect(await ticketsOf('acme')).not.toContain(ticket.id);
    expect(await ticketsOf('umbrella')).toContain(ticket.id);
  });

  it('cannot be deleted by the service', async () => {
    const attempt = the.replica.write(() => the.replica.database.sql`delete from used_tickets`);
    await expect(attempt).rejects.toThrow(/permission denied/);
  });
});
