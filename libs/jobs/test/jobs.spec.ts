import { setTimeout as sleep } from 'node:timers/promises';
import { runInContext } from '@gantry/observability';
import { waitFor } from '@gantry/testing';
import { describe, expect, it } from '@jest/globals';
import { Jobs, type EnqueueOptions } from '../src/index.ts';
import { useFixture } from './fixture.ts';
import { additions, failures, handlers, outside, seen, singles, slow } from './handlers.ts';

const the = useFixture(handlers);

const jobs = () => the.replica.app.get(Jobs);

function add(name: string, tenant = 'acme', options: EnqueueOptions = {}) {
  return the.replica.write(() => jobs().enqueue(additions, { name }, options), tenant);
}

async function added(name: string, tenant = 'acme'): Promise<void> {
  await waitFor(async () => (await the.replica.things(tenant)).includes(name));
}

async function jobsNamed(queue: string, name: string): Promise<{ state: string; output: unknown }[]> {
  return the.owner`
    select state, output from pgboss.job where name = ${queue} and data -> 'payload' ->> 'name' = ${name}`;
}

describe('a job', () => {
  it('is handled once its unit of work has committed, for the tenant that enqueued it', async () => {
    const context = { requestId: 'req_1', tenant: 'acme', tool: 'create_thing' };
    const id = await runInContext(context, () => add(the.thing));
    expect(id).toEqual(expect.any(String));
    await added(the.thing);
    expect(await the.replica.things('umbrella')).not.toContain(the.thing);
    expect(seen.filter(({ name }) => name === the.thing)).toEqual([
      expect.objectContaining({ attempt: 1, tenant: 'acme', requestId: 'req_1' }),
    ]);
    await waitFor(async () => (await jobsNamed('additions', the.thing))[0]?.state === 'completed');
  });

  it('does not exist if its unit of work rolls back', async () => {
    const failing = the.replica.write(async () => {
      await jobs().enqueue(additions, { name: the.thing });
      throw new Error('changed its mind');
    });
    await expect(failing).rejects.toThrow('changed its mind');
    expect(await jobsNamed('additions', the.thing)).toEqual([]);
  });

  it('cannot be enqueued outside of a unit of work', async () => {
    await expect(jobs().enqueue(additions, { name: the.thing })).rejects.toThrow('No unit of work');
  });

  it('with a payload that does not fit is refused', async () => {
    const refused = the.replica.write(() => jobs().enqueue(additions, { name: '' }));
    await expect(refused).rejects.toMatchObject({
      code: 'validation_error',
      details: { issues: [{ path: '/name' }] },
    });
  });

  it('waits for its time', async () => {
    await add(the.thing, 'acme', { startAfter: 2, priority: 1 });
    expect((await jobsNamed('additions', the.thing))[0]?.state).toBe('created');
    await added(the.thing);
    const [{ waited }] = await the.owner<[{ waited: boolean }]>`
      select started_on >= start_after and start_after > created_on as waited from pgboss.job
      where data -> 'payload' ->> 'name' = ${the.thing}`;
    expect(waited).toBe(true);
  });

  it('is one of as many at once as its handler allows', async () => {
    const names = Array.from({ length: 12 }, (_, index) => `${the.thing} ${index}`);
    await the.replica.write(async () => {
      for (const name of names) await jobs().enqueue(additions, { name, wait_ms: 150 });
    });
    await waitFor(
      async () => (await the.replica.things()).filter((name) => name.startsWith(the.thing)).length === 12,
    );
    const most = Math.max(
      ...seen.filter(({ name }) => name.startsWith(the.thing)).map(({ active }) => active),
    );
    expect(most).toBe(4);
  });

  it('may open transactions of its own', async () => {
    await the.replica.write(() => jobs().enqueue(outside, { name: the.thing }));
    await waitFor(async () => (await jobsNamed('outside', the.thing))[0]?.state === 'completed');
    expect(await the.replica.things()).toEqual(expect.arrayContaining([`${the.thing} a`, `${the.thing} b`]));
  });
});

describe('a job that fails', () => {
  it('is tried again, and what its failed attempts wrote is undone', async () => {
    await the.replica.write(() => jobs().enqueue(failures, { name: the.thing, failures: 1 }));
    await added(the.thing);
    expect((await the.replica.things()).filter((name) => name === the.thing)).toHaveLength(1);
    expect(seen.filter(({ name }) => name === the.thing).map(({ attempt }) => attempt)).toEqual([1, 2]);
  });

  it('ends in the dead letter queue after its last retry', async () => {
    await the.replica.write(() => jobs().enqueue(failures, { name: the.thing, failures: 9 }));
    await waitFor(async () => (await jobsNamed('failures.dead', the.thing)).length === 1, 15_000);
    expect(seen.filter(({ name }) => name === the.thing).map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    const [failed] = await jobsNamed('failures', the.thing);
    expect(failed).toMatchObject({ state: 'failed', output: { code: 'internal_error' } });
    expect(JSON.stringify(failed?.output)).not.toContain('It did not work');
    expect(await the.replica.things()).not.toContain(the.thing);
  });

  it('by taking too long is undone and tried again', async () => {
    await the.replica.write(() => jobs().enqueue(slow, { name: the.thing }));
    await added(`${the.thing} 2`);
    expect(await the.replica.things()).not.toContain(`${the.thing} 1`);
  });

  it('because its payload does not fit any more goes to the dead letter queue', async () => {
    await the.owner`
      insert into pgboss.job (name, data, retry_limit, dead_letter, policy)
      values ('additions', ${the.owner.json({ tenant: 'acme', payload: { name: the.thing, old: 1 } })}, 9, 'additions.dead', 'standard')`;
    await waitFor(async () => (await jobsNamed('additions.dead', the.thing)).length === 1);
    expect((await jobsNamed('additions', the.thing))[0]).toMatchObject({
      output: { code: 'validation_error' },
    });
  });

  it('with a final refusal goes there at once', async () => {
    await the.replica.write(() => jobs().enqueue(failures, { name: the.thing, failures: 0, final: true }));
    await waitFor(async () => (await jobsNamed('failures.dead', the.thing)).length === 1);
    expect(seen.filter(({ name }) => name === the.thing)).toHaveLength(1);
  });
});

describe('a job that was given to another replica while it was handled', () => {
  it('leaves nothing of this attempt', async () => {
    await the.replica.write(() => jobs().enqueue(additions, { name: the.thing, wait_ms: 800 }));
    await waitFor(() => seen.some(({ name }) => name === the.thing));
    await the.owner`
      update pgboss.job set retry_count = retry_count + 1 where data -> 'payload' ->> 'name' = ${the.thing}`;
    await sleep(1_200);
    expect(await the.replica.things()).not.toContain(the.thing);
    expect((await jobsNamed('additions', the.thing))[0]).toMatchObject({ state: 'active' });
  });
});

describe('a singleton key', () => {
  it('keeps out the same job of the same tenant', async () => {
    const enqueue = (tenant: string, singletonKey: string) =>
      the.replica.write(
        () => jobs().enqueue(singles, { name: the.thing }, { singletonKey, startAfter: 60 }),
        tenant,
      );
    expect(await enqueue('acme', 'a')).toBeDefined();
    expect(await enqueue('acme', 'a')).toBeUndefined();
    expect(await enqueue('acme', 'b')).toBeDefined();
    expect(await enqueue('umbrella', 'a')).toBeDefined();
  });

  it('needs a queue with a policy', async () => {
    await expect(add(the.thing, 'acme', { singletonKey: 'a' })).rejects.toThrow('no policy');
  });
});
