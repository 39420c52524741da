import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  createTestDatabase,
  sendRaw,
  startIssuer,
  startTestRedis,
  waitFor,
  type TestDatabase,
  type TestIssuer,
} from '@gantry/testing';
import { Redis } from '@gantry/redis';
import { Config } from '@gantry/config';
import { randomUUID } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChangeRelay } from '../src/changes/change-relay.ts';
import { Listener, type Notifications } from './listen-client.ts';
import { seen } from './notes-module.ts';
import { migrateNotes, startReplica, tokenFor, type Replica } from './notes-service.ts';
import { callRaw } from './raw-client.ts';

const redis = await startTestRedis();

(redis ? describe : describe.skip)('two replicas with Redis', () => {
  let database: TestDatabase;
  let issuer: TestIssuer;
  let token: string;
  let a: Replica;
  let b: Replica;
  let open: Listener[] = [];
  // The server may be shared with other runs: a tenant of its own keeps their changes apart.
  const tenant = randomUUID();

  beforeAll(async () => {
    database = await createTestDatabase();
    await migrateNotes(database.ownerUrl);
    issuer = await startIssuer();
    token = await tokenFor(issuer, { tenant });
    const env = { MCP_REDIS_URL: redis!.url };
    [a, b] = await Promise.all([
      startReplica(database.serviceUrl, issuer, env),
      startReplica(database.serviceUrl, issuer, env),
    ]);
  });
  afterEach(() => {
    for (const listener of open) listener.leave();
    open = [];
    redis!.start();
  });
  afterAll(async () => {
    await Promise.all([a.close(), b.close()]);
    await issuer.close();
    await database.drop();
    await redis!.close();
  });

  const uriOf = (id: string) => `notes://folders/home/notes/${id}`;
  const write = (on: Replica, id: string, body: string, by = token) =>
    callRaw(on.url, by, 'write_note', { folder: 'home', id, body });
  const listen = async (on: Replica, notifications: Notifications, by = token) => {
    const listener = await Listener.open(on.url, by, notifications);
    open.push(listener);
    return listener;
  };
  const read = async (on: Replica, id: string) => {
    const { json } = await sendRaw(on.url, token, { method: 'resources/read', params: { uri: uriOf(id) } });
    return (json.result?.['contents'] as { text: string }[])[0]!.text;
  };
  const areConnected = () =>
    [a, b].every(({ app }) => app.get(ChangeRelay).isConnected && app.get(Redis).available);
  const areCutOff = () =>
    [a, b].every(({ app }) => !app.get(ChangeRelay).isConnected && !app.get(Redis).available);

  it('a client listening on one hears of what was changed through the other, and reads it there', async () => {
    await write(a, 'milk', 'old');
    expect(await read(a, 'milk')).toBe('old');
    const listener = await listen(a, { resourceSubscriptions: [uriOf('milk')], resourcesListChanged: true });
    const stranger = await listen(
      a,
      { resourceSubscriptions: [uriOf('milk')] },
      await tokenFor(issuer, { tenant: `not-${tenant}` }),
    );
    await write(b, 'milk', 'new');
    await waitFor(() => listener.heard.length > 1);
    expect(listener.heard.sort()).toEqual(['list', uriOf('milk')]);
    expect(await read(a, 'milk')).toBe('new');
    expect(stranger.heard).toEqual([]);
  });

  it('a listener hears of a change once, also on the replica that made it', async () => {
    const listener = await listen(a, { resourceSubscriptions: [uriOf('once'), uriOf('last')] });
    await write(a, 'once', '1');
    await waitFor(() => listener.heard.length > 0);
    await write(b, 'last', '1'); // comes by Redis, behind whatever else would come
    await waitFor(() => listener.heard.includes(uriOf('last')));
    expect(listener.heard).toEqual([uriOf('once'), uriOf('last')]);
  });

  it('both read one copy until it is changed', async () => {
    await write(a, 'copied', '1');
    await read(a, 'copied');
    // A copy is kept behind the answer.
    await waitFor(async () => {
      seen.reads = 0;
      await read(b, 'copied');
      return seen.reads === 0;
    });
    await write(b, 'copied', '2');
    expect(await read(a, 'copied')).toBe('2');
    expect(seen.reads).toBe(1);
  });

  it('while Redis is away each hears of its own changes; when it is back, that it may have missed some', async () => {
    await waitFor(areConnected);
    const uris = [uriOf('far'), uriOf('near')];
    const listener = await listen(a, { resourceSubscriptions: uris });
    redis!.stop();
    await waitFor(areCutOff);
    expect(await a.metric('mcp_change_relay_connected')).toBe(0);
    expect((await write(b, 'far', '1')).json.result).not.toHaveProperty('isError');
    expect(await b.metric('mcp_change_relay_failures_total')).toBeGreaterThan(0);
    await write(a, 'near', '1');
    await waitFor(() => listener.heard.length > 0);
    expect(listener.heard).toEqual([uriOf('near')]);
    redis!.start();
    await waitFor(areConnected);
    await waitFor(() => listener.heard.includes(uriOf('far')));
    expect(await a.metric('mcp_change_relay_connected')).toBe(1);
    const before = listener.heard.length;
    await write(b, 'far', '2');
    await waitFor(() => listener.heard.length > before);
  });

  it('a Redis that hangs is found out, and replaced by one that answers', async () => {
    await waitFor(areConnected);
    redis!.pause();
    await waitFor(() => !a.app.get(ChangeRelay).isConnected, 20_000);
    redis!.start();
    await waitFor(areConnected);
  });

  it('goes on after the password was rotated and its connections were cut', async () => {
    await waitFor(areConnected);
    const direct = a.app.get(Redis).client!;
    const user = `rotating-${tenant}`;
    await direct.acl('SETUSER', user, 'reset', 'on', '>old', '~*', '&*', '+@all');
    const urlWith = (password: string) => redis!.url.replace('redis://', `redis://${user}:${password}@`);
    const folder = await mkdtemp(join(tmpdir(), 'rotation-'));
    const file = join(folder, 'url');
    await writeFile(file, urlWith('old'));
    const rotating = await startReplica(database.serviceUrl, issuer, { MCP_REDIS_URL_FILE: file });
    const listener = await listen(rotating, { resourceSubscriptions: [uriOf('rotated')] });
    await direct.acl('SETUSER', user, 'resetpass', '>new');
    await writeFile(file, urlWith('new'));
    await rotating.app.get(Config).reloadSecrets();
    await direct.client('KILL', 'USER', user);
    await waitFor(() => !rotating.app.get(ChangeRelay).isConnected || listener.heard.length > 0);
    await waitFor(() => rotating.app.get(ChangeRelay).isConnected, 10_000);
    await write(b, 'rotated', '1');
    await waitFor(() => listener.heard.length > 0);
    await rotating.close();
    await direct.acl('DELUSER', user);
  });

  it('says so when Redis does not let it subscribe', async () => {
    const direct = a.app.get(Redis).client!;
    const user = `deaf-${tenant}`;
    await direct.acl('SETUSER', user, 'reset', 'on', '>x', '~*', 'resetchannels', '+@all');
    const url = redis!.url.replace('redis://', `redis://${user}:x@`);
    const deaf = await startReplica(database.serviceUrl, issuer, { MCP_REDIS_URL: url });
    expect(await deaf.metric('mcp_change_relay_connected')).toBe(0);
    const listener = await listen(deaf, { resourceSubscriptions: [uriOf('own')] });
    await write(deaf, 'own', '1');
    await waitFor(() => listener.heard.length > 0);
    expect(await deaf.metric('mcp_change_relay_failures_total')).toBeGreaterThan(0);
    await deaf.close();
    await direct.acl('DELUSER', user);
  });

  it('takes no notice of what is none', async () => {
    const listener = await listen(a, { resourceSubscriptions: [uriOf('real')] });
    const { client } = b.app.get(Redis);
    for (const text of ['nonsense', '{}', '{"from":"x","change":{"tenant":1}}'])
      await client!.publish('notes:resource-changes', text);
    await write(b, 'real', '1');
    await waitFor(() => listener.heard.length > 0);
    expect(listener.heard).toEqual([uriOf('real')]);
  });
});
