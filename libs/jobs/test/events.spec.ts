import { waitFor } from '@gantry/testing';
import { describe, expect, it } from '@jest/globals';
import postgres from 'postgres';
import { Events } from '../src/index.ts';
import { First, FirstOfVersion2, Second, thingMade, thingMade2 } from './event-handlers.ts';
import { useFixture } from './fixture.ts';
import { startReplica } from './replica.ts';

const the = useFixture([First, Second, FirstOfVersion2]);

const events = () => the.replica.app.get(Events);

async function reactions(tenant?: string): Promise<string[]> {
  const things = await the.replica.things(tenant);
  return things.filter((name) => name.startsWith(the.thing)).map((name) => name.slice(the.thing.length + 1));
}

describe('an event', () => {
  it('reaches every subscriber of its version, in a job of its own', async () => {
    await the.replica.write(() => events().publish(thingMade, { name: the.thing }), 'umbrella');
    await waitFor(async () => (await reactions('umbrella')).length === 2);
    // The second one failed at first, which the first one never noticed.
    expect(await reactions('umbrella')).toEqual(['first', 'second 2']);
    expect(await reactions('acme')).toEqual([]);
  });

  it('in another version reaches the subscribers of that', async () => {
    await the.replica.write(() => events().publish(thingMade2, { name: the.thing, by: 'bob' }));
    await waitFor(async () => (await reactions()).length > 0);
    expect(await reactions()).toEqual(['by bob']);
  });

  it('did not happen if its unit of work rolls back', async () => {
    const failing = the.replica.write(async () => {
      await events().publish(thingMade, { name: the.thing });
      throw new Error('changed its mind');
    });
    await expect(failing).rejects.toThrow('changed its mind');
    expect(
      await the.owner`select from pgboss.job where data -> 'payload' ->> 'name' = ${the.thing}`,
    ).toHaveLength(0);
  });

  it('with a payload that does not fit is refused', async () => {
    const refused = the.replica.write(() => events().publish(thingMade, { name: 1 } as never));
    await expect(refused).rejects.toMatchObject({ code: 'validation_error' });
  });

  it('needs no connection but that of its unit of work', async () => {
    const superuser = postgres(the.superuserUrl, { max: 1, onnotice: () => {} });
    const role = superuser(new URL(the.serviceUrl).username);
    await the.replica.write(async () => {
      await the.replica.database.sql`select 1`;
      await superuser`alter role ${role} connection limit 0`;
      await superuser`
        select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and application_name like '%-jobs'`;
      await events().publish(thingMade, { name: the.thing });
    });
    await superuser`alter role ${role} connection limit -1`;
    await superuser.end();
    await waitFor(async () => (await reactions()).length === 2);
  });

  it('waits for a subscriber that is away', async () => {
    const publisher = await startReplica(the.serviceUrl, []);
    await the.replica.stop();
    await publisher.write(() => publisher.app.get(Events).publish(thingMade, { name: the.thing }));
    const back = await startReplica(the.serviceUrl, [First, Second]);
    await waitFor(async () => (await publisher.things()).includes(`${the.thing} first`));
    await back.stop();
    await publisher.stop();
  });
});
