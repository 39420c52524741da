import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  connectLegacy,
  connectModern,
  createTestDatabase,
  sendRaw,
  startIssuer,
  waitFor,
  type TestDatabase,
  type TestIssuer,
} from '@gantry/testing';
import { Database } from '@gantry/postgres';
import { PassThrough } from 'node:stream';
import { ResourceChanges, StdioServer } from '../src/index.ts';
import { Listener, type Notifications } from './listen-client.ts';
import { migrateNotes, startReplica, tokenFor, type Replica } from './notes-service.ts';
import { callRaw } from './raw-client.ts';

const MILK = 'notes://folders/home/notes/milk';
const MAIL = 'notes://folders/home/notes/mail';

let database: TestDatabase;
let issuer: TestIssuer;
let notes: Replica;
let token: string;
let open: Listener[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  await migrateNotes(database.ownerUrl);
  issuer = await startIssuer();
  notes = await startReplica(database.serviceUrl, issuer, {
    MCP_KEEP_ALIVE_SECONDS: '1',
    MCP_MAX_LISTENERS: '4',
    MCP_MAX_LISTENERS_PER_PRINCIPAL: '3',
  });
  token = await tokenFor(issuer);
});
afterEach(async () => {
  for (const listener of open) listener.leave();
  open = [];
  await waitFor(() => notes.inFlight.size === 0);
});
afterAll(async () => {
  await notes.close();
  await issuer.close();
  await database.drop();
});

async function listen(notifications: Notifications, by = token, url = notes.url): Promise<Listener> {
  const listener = await Listener.open(url, by, notifications, `sub-${open.length}`);
  open.push(listener);
  return listener;
}

const write = (id: string, body: string, more = {}, by = token) =>
  callRaw(notes.url, by, 'write_note', { folder: 'home', id, body, ...more });

describe('a client that listens', () => {
  it('is acknowledged first, and hears of nothing but what it asked for', async () => {
    const listener = await listen({ resourceSubscriptions: [MILK] });
    expect(listener.headers.get('x-accel-buffering')).toBe('no');
    expect(listener.acknowledged).toEqual({ resourceSubscriptions: [MILK] });
    await write('mail', '1');
    await write('milk', '2');
    await waitFor(() => listener.heard.length > 0);
    expect(listener.heard).toEqual([MILK]);
    for (const { params } of listener.messages) {
      expect(params?.['_meta']).toMatchObject({ 'io.modelcontextprotocol/subscriptionId': 'sub-0' });
    }
  });

  it('hears that the list has changed if it asked', async () => {
    const listener = await listen({ resourcesListChanged: true });
    await write('milk', '3');
    await waitFor(() => listener.heard.length > 0);
    expect(listener.heard).toEqual(['list']);
  });

  it('hears nothing of a write that did not happen', async () => {
    const listener = await listen({ resourceSubscriptions: [MILK, MAIL] });
    const refused = await write('milk', '4', { fail: true });
    expect(refused.json.result).toMatchObject({ isError: true });
    await write('mail', '5');
    await waitFor(() => listener.heard.length > 0);
    expect(listener.heard).toEqual([MAIL]);
  });

  it('is told by the names that it uses itself', async () => {
    const other = MILK.replace('milk', 'mil%6b');
    const listener = await listen({ resourceSubscriptions: [other, MILK, MILK] });
    await write('milk', '6');
    await waitFor(() => listener.heard.length > 1);
    expect(listener.heard).toEqual([other, MILK]);
  });

  it('hears of nothing that it may not read, and that is not acknowledged either', async () => {
    const reader = await tokenFor(issuer, { scopes: ['notes:read'] });
    const stranger = await tokenFor(issuer, { tenant: 'globex' });
    const nobody = await tokenFor(issuer, { scopes: ['other:read'], subject: 'eve' });
    const all = {
      resourceSubscriptions: ['notes://secrets/1', MILK, 'file:///x'],
      resourcesListChanged: true,
    };
    const readers = await listen(all, reader);
    expect(readers.acknowledged).toEqual({ resourceSubscriptions: [MILK], resourcesListChanged: true });
    const strangers = await listen(all, stranger);
    const nobodys = await listen(all, nobody);
    expect(nobodys.acknowledged).toEqual({});
    await waitFor(() => nobodys.isEnded); // with nothing to listen to
    await write('milk', '7');
    await write('milk', '8', {}, stranger);
    await waitFor(() => readers.heard.length > 0 && strangers.heard.length > 0);
    expect(readers.heard.sort()).toEqual(['list', MILK]);
    expect(strangers.heard.sort()).toEqual(['list', MILK]);
  });

  it('is not promised what never changes while the service runs', async () => {
    const listener = await listen({
      toolsListChanged: true,
      promptsListChanged: true,
      resourcesListChanged: true,
    });
    expect(listener.acknowledged).toEqual({ resourcesListChanged: true });
  });

  it('keeps its connection by comments', async () => {
    const listener = await listen({ resourceSubscriptions: [MILK] });
    await waitFor(() => listener.comments > 1);
  });

  it('may be the official client', async () => {
    const client = await connectModern(notes.url, token);
    const heard: string[] = [];
    client.raw.setNotificationHandler('notifications/resources/updated', ({ params }) => {
      heard.push(params.uri);
    });
    const subscription = await client.raw.listen({ resourceSubscriptions: [MILK] });
    expect(subscription.honoredFilter).toEqual({ resourceSubscriptions: [MILK] });
    await write('milk', '9');
    await waitFor(() => heard.length > 0);
    await subscription.close();
    await waitFor(() => notes.inFlight.size === 0);
    await client.close();
  });
});

describe('a stream ends', () => {
  it('when the client leaves: nothing stays behind', async () => {
    const listener = await listen({ resourceSubscriptions: [MILK] });
    expect(await notes.metric('mcp_listeners')).toBe(1);
    listener.leave();
    await waitFor(() => notes.inFlight.size === 0);
    expect(await notes.metric('mcp_listeners')).toBe(0);
    await write('milk', '10');
    expect(listener.heard).toEqual([]);
  });

  it('with a result when the service stops, which does not wait for it', async () => {
    const listener = await listen({ resourceSubscriptions: [MILK] });
    expect(await notes.inFlight.drain(20_000)).toBe(0);
    await waitFor(() => listener.isEnded);
    expect(listener.result).toMatchObject({
      resultType: 'complete',
      _meta: { 'io.modelcontextprotocol/subscriptionId': 'sub-0' },
    });
  });

  it('with a result when the token does', async () => {
    const brief = await startReplica(database.serviceUrl, issuer, { MCP_AUTH_CLOCK_SKEW_SECONDS: '0' });
    const listener = await listen(
      { resourceSubscriptions: [MILK] },
      await tokenFor(issuer, { expiresIn: 4 }),
      brief.url,
    );
    expect(listener.isEnded).toBe(false);
    await waitFor(() => listener.isEnded);
    expect(listener.result).toBeDefined();
    await brief.close();
  });

  it('with a result when it has been open for long enough', async () => {
    const brief = await startReplica(database.serviceUrl, issuer, { MCP_LISTEN_MAX_MINUTES: '0.01' });
    const listener = await listen({ resourceSubscriptions: [MILK] }, token, brief.url);
    await waitFor(() => listener.isEnded);
    expect(listener.result).toBeDefined();
    await brief.close();
  });
});

describe('what a listener may not do', () => {
  const refusalOf = (listener: Listener) => listener.messages[0]!.error;

  it('open more streams than there may be, its own or altogether', async () => {
    for (let count = 0; count < 3; count++) await listen({ resourceSubscriptions: [MILK] });
    const fourth = await listen({ resourceSubscriptions: [MILK] });
    expect(refusalOf(fourth)).toMatchObject({
      code: -32603,
      data: { code: 'rate_limited', retryable: true, retry_after_seconds: 5 },
    });
    await listen({ resourceSubscriptions: [MILK] }, await tokenFor(issuer, { subject: 'bob' }));
    const sixth = await listen({ resourceSubscriptions: [MILK] }, await tokenFor(issuer, { subject: 'cy' }));
    expect(refusalOf(sixth)).toMatchObject({ code: -32603 });
    open[0]!.leave();
    await waitFor(async () => (await notes.metric('mcp_listeners')) === 3);
    expect((await listen({ resourceSubscriptions: [MILK] })).acknowledged).toBeDefined();
  });

  it('ask for more than a stream carries', async () => {
    const many = Array.from({ length: 1_001 }, (_, at) => `${MILK}${at}`);
    const long = MILK.padEnd(65_536, 'x');
    expect((await listen({ resourceSubscriptions: [long] })).acknowledged).toBeDefined();
    for (const resourceSubscriptions of [many, [long, 'x']]) {
      const refusal = refusalOf(await listen({ resourceSubscriptions }));
      expect(refusal).toMatchObject({ code: -32602, message: expect.stringContaining('65536 characters') });
    }
  });

  it('ask without saying for what', async () => {
    const answer = await sendRaw(notes.url, token, { method: 'subscriptions/listen' });
    expect(answer.json.error?.code).toBe(-32602);
  });

  it('listen as a client of an earlier revision', async () => {
    const client = await connectLegacy(notes.url, token);
    await expect(client.raw.subscribeResource({ uri: MILK })).rejects.toThrow();
    await client.close();
  });
});

describe('a client on stdio', () => {
  const scopes = new Set(['notes:write', 'notes:read']);
  const principal = { tenant: 'acme', subject: 'ada', client: 'tests', scopes };
  const modern = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientCapabilities': {},
  };

  function connect() {
    const input = new PassThrough();
    const output = new PassThrough();
    const messages: { id?: unknown; method?: string; params?: Record<string, unknown>; result?: object }[] =
      [];
    output.on('data', (chunk: Buffer) => {
      for (const line of chunk.toString().split('\n').filter(Boolean))
        messages.push(JSON.parse(line) as never);
    });
    const say = (message: object) => input.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
    const served = notes.app.get(StdioServer).serve(principal, { input, output });
    return { input, messages, say, served };
  }

  it('hears of what it asked for, may read, and no more', async () => {
    const { input, messages, say, served } = connect();
    const notifications = { resourceSubscriptions: [MILK, 'notes://secrets/1'], resourcesListChanged: true };
    say({ id: 1, method: 'subscriptions/listen', params: { notifications, _meta: modern } });
    await waitFor(() => messages.length === 1);
    await notes.app.get(Database).write({ tenant: 'acme' }, async () => {
      await notes.app.get(ResourceChanges).updated('acme', ['notes://secrets/1', MAIL, MILK]);
    });
    await waitFor(() => messages.length > 1);
    await write('milk', '11');
    await waitFor(() => messages.length > 3);
    expect(messages.slice(1).map(({ method, params }) => params?.['uri'] ?? method)).toEqual([
      MILK,
      MILK,
      'notifications/resources/list_changed',
    ]);
    input.end();
    await served;
  });

  it('of an earlier revision is told nothing unasked', async () => {
    const { input, messages, say, served } = connect();
    const clientInfo = { name: 'old', version: '1' };
    say({
      id: 1,
      method: 'initialize',
      params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo },
    });
    await waitFor(() => messages.length === 1);
    say({ method: 'notifications/initialized' });
    await write('milk', '12');
    say({ id: 2, method: 'ping' });
    await waitFor(() => messages.length > 1);
    expect(messages.map(({ id }) => id)).toEqual([1, 2]);
    input.end();
    await served;
  });
});

describe('outside of a call', () => {
  it('a change is told inside a unit of work only', async () => {
    const changes = notes.app.get(ResourceChanges);
    await expect(changes.updated('acme', [MILK])).rejects.toThrow('unit of work');
    await changes.updated('acme', []);
  });
});
