import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  connectLegacy,
  connectModern,
  createTestDatabase,
  sendRaw,
  startIssuer,
  type TestDatabase,
  type TestIssuer,
} from '@gantry/testing';
import { Catalogue } from '../src/index.ts';
import { seen } from './notes-module.ts';
import { migrateNotes, startReplica, tokenFor, type Replica } from './notes-service.ts';
import { callRaw } from './raw-client.ts';

let database: TestDatabase;
let issuer: TestIssuer;
let notes: Replica;
let token: string;

beforeAll(async () => {
  database = await createTestDatabase();
  await migrateNotes(database.ownerUrl);
  issuer = await startIssuer();
  notes = await startReplica(database.serviceUrl, issuer);
  token = await tokenFor(issuer);
  for (const [folder, id, body] of [
    ['home', 'milk', 'Buy milk.'],
    ['home', 'mail', 'Send mail.'],
    ['a/b c', 'odd', 'Odd.'],
  ]) {
    await callRaw(notes.url, token, 'write_note', { folder, id, body });
  }
});
beforeEach(() => {
  seen.reads = 0;
  seen.calls.length = 0;
});
afterAll(async () => {
  await notes.close();
  await issuer.close();
  await database.drop();
});

const MILK = 'notes://folders/home/notes/milk';

const ask = (method: string, params: Record<string, unknown>, by = token) =>
  sendRaw(notes.url, by, { method, params });
const read = (uri: string, by = token) => ask('resources/read', { uri }, by);
const complete = (ref: object, name: string, value: string, chosen?: object, by = token) =>
  ask(
    'completion/complete',
    { ref, argument: { name, value }, ...(chosen && { context: { arguments: chosen } }) },
    by,
  );

describe('clients of both eras', () => {
  it.each([
    ['2026-07-28', connectModern],
    ['2025-11-25', connectLegacy],
  ])('%s: list, read, complete and get prompts', async (era, connect) => {
    const client = await connect(notes.url, token);
    const { raw } = client;
    expect(raw.getServerCapabilities()).toMatchObject({
      resources: era === '2026-07-28' ? { subscribe: true, listChanged: true } : {},
      prompts: {},
      completions: {},
    });
    if (era !== '2026-07-28') expect(raw.getServerCapabilities()?.resources).toEqual({});
    expect((await client.listResources()).map(({ uri }) => uri)).toEqual([
      'notes://help',
      'notes://folders/a%2Fb%20c/notes/odd',
      'notes://folders/home/notes/mail',
      MILK,
    ]);
    const { resourceTemplates } = await raw.listResourceTemplates();
    expect(resourceTemplates.map(({ name }) => name)).toEqual(['note', 'me']);
    expect(await client.readResource(MILK)).toEqual([
      { uri: MILK, mimeType: 'text/plain', text: 'Buy milk.' },
    ]);
    await expect(client.readResource('notes://folders/home/notes/none')).rejects.toMatchObject({
      code: -32602,
    });
    const { completion } = await raw.complete({
      ref: { type: 'ref/resource', uri: 'notes://folders/{folder}/notes/{id}' },
      argument: { name: 'id', value: 'm' },
      context: { arguments: { folder: 'home' } },
    });
    expect(completion).toMatchObject({ values: ['mail', 'milk'], hasMore: false });
    const { prompts } = await raw.listPrompts();
    expect(prompts).toEqual([
      {
        name: 'review_note',
        title: 'Review a note',
        description: 'Asks for a review of a note.',
        arguments: [
          { name: 'id', description: 'Id of the note.', required: true },
          { name: 'tone', description: 'How to say it.', required: false },
        ],
      },
    ]);
    const { messages } = await raw.getPrompt({ name: 'review_note', arguments: { id: 'milk' } });
    expect(messages[0]!.content).toEqual({ type: 'text', text: 'Review milk, kind.' });
    await client.close();
  });
});

describe('reading', () => {
  it('says how long a copy may be kept', async () => {
    expect((await read(MILK)).json.result).toMatchObject({ ttlMs: 30_000, cacheScope: 'private' });
    const list = await ask('resources/list', {});
    expect(list.json.result).toMatchObject({ ttlMs: 30_000, cacheScope: 'private' });
  });

  it.each([
    ['encoded', 'notes://folders/a%2Fb%20c/notes/odd'],
    ['encoded more than needed', 'notes://folders/%61%2fb%20%63/notes/od%64'],
  ])('takes a URI that is %s', async (_name, uri) => {
    expect((await read(uri)).json.result).toMatchObject({ contents: [{ uri, text: 'Odd.' }] });
  });

  it.each([
    'notes://folders/a/b c/notes/odd',
    'notes://folders//notes/odd',
    'notes://folders/%zz/notes/odd',
    'notes://folders/%ff/notes/odd',
    'notes://folders/home/notes/milk/',
    'notes://folders/home/notes/milk?x=1',
    'notes://folders/home/notes/milk#x',
    'notes://folders/home/notes/../milk',
    'notes://folders/__proto__/notes/constructor',
    'notes://secrets/1',
    'file:///etc/passwd',
    '',
  ])('finds nothing at %s', async (uri) => {
    const { json } = await read(uri);
    expect(json.error).toMatchObject({ code: -32602, message: expect.stringContaining('not found') });
    expect(json.error!.message.length).toBeLessThan(400);
  });

  it('finds nothing at a URI without end', async () => {
    expect((await read(`${MILK}${'x'.repeat(2_048)}`)).json.error?.code).toBe(-32602);
    expect(seen.calls).toEqual([]);
  });

  it('refuses text that cannot be stored before any handler sees it', async () => {
    const { json } = await read('notes://folders/%00/notes/milk');
    expect(json.error).toMatchObject({ code: -32602, data: { code: 'validation_error' } });
    expect(seen.reads).toBe(0);
  });

  it('shows a tenant its own', async () => {
    const stranger = await tokenFor(issuer, { tenant: 'globex' });
    expect((await read(MILK, stranger)).json.error?.code).toBe(-32602);
    const { json } = await ask('resources/list', {}, stranger);
    expect(json.result?.['resources']).toEqual([expect.objectContaining({ uri: 'notes://help' })]);
  });

  it('hides what the scopes do not allow, and still audits the attempt', async () => {
    expect((await read('notes://secrets/1')).json.error?.code).toBe(-32602);
    expect(seen.calls).toEqual(['read_resource:secret permission_denied']);
    const admin = await tokenFor(issuer, { scopes: ['notes:admin'] });
    expect((await read('notes://secrets/1', admin)).json.result).toMatchObject({
      contents: [{ text: 'secret' }],
    });
    const nobody = await tokenFor(issuer, { scopes: ['other:read'] });
    const { json } = await ask('resources/templates/list', {}, nobody);
    expect(json.result?.['resourceTemplates']).toEqual([expect.objectContaining({ name: 'me' })]);
  });

  it('passes through the pipeline: fixed resources, lists, prompts and completions, too', async () => {
    await read('notes://help');
    await read(MILK);
    await ask('resources/list', {});
    await ask('prompts/get', { name: 'review_note', arguments: { id: 'milk' } });
    await complete({ type: 'ref/prompt', name: 'review_note' }, 'tone', '');
    await complete({ type: 'ref/resource', uri: 'notes://folders/{folder}/notes/{id}' }, 'folder', '');
    expect(seen.calls).toEqual([
      'read_resource:help ok',
      'read_resource:note ok',
      'list_resources:note ok',
      'get_prompt:review_note ok',
      'complete_prompt:review_note ok',
      'complete_resource:note ok',
    ]);
  });

  it('answers a failure with the envelope and nothing else', async () => {
    const busy = await read('notes://folders/busy/notes/x');
    expect(busy.json.error).toMatchObject({
      code: -32603,
      message: 'Away.',
      data: { code: 'dependency_unavailable', retryable: true, retry_after_seconds: 3 },
    });
    const crash = await read('notes://folders/crash/notes/x');
    expect(crash.json.error).toMatchObject({ code: -32603, data: { code: 'internal_error' } });
    expect(crash.text).not.toMatch(/hunter2|db\.internal/);
  });
});

describe('prompts', () => {
  const get = (name: string, args: unknown, by = token) => ask('prompts/get', { name, arguments: args }, by);

  it.each([
    ['a missing argument', {}, '/id'],
    ['an unknown value', { id: 'a', tone: 'rude' }, '/tone'],
    ['an unknown argument', { id: 'a', more: 'b' }, ''],
    ['a text too long', { id: 'x'.repeat(51) }, '/id'],
    ['text that cannot be stored', { id: 'a\0' }, '/id'],
  ])('refuse %s', async (_name, args, path) => {
    const { json } = await get('review_note', args);
    expect(json.error).toMatchObject({
      code: -32602,
      data: { code: 'validation_error', details: { issues: [{ path }] } },
    });
  });

  it('are only there for those who may get them', async () => {
    expect((await get('no_such', {})).json.error).toMatchObject({ code: -32602 });
    const refused = await get('admin_prompt', {});
    expect(refused.json.error).toEqual({ code: -32602, message: 'Unknown prompt: admin_prompt' });
    const admin = await tokenFor(issuer, { scopes: ['notes:admin'] });
    expect((await get('admin_prompt', undefined, admin)).json.result).toMatchObject({
      messages: [{ role: 'user' }],
    });
    const { json } = await ask('prompts/list', {}, admin);
    expect(json.result?.['prompts']).toMatchObject([{ name: 'admin_prompt' }, { name: 'review_note' }]);
    expect(json.result).toMatchObject({ ttlMs: 60_000, cacheScope: 'private' });
  });

  it('hide what went wrong inside', async () => {
    const crash = await get('review_note', { id: 'crash' });
    expect(crash.json.error).toMatchObject({ code: -32603, data: { code: 'internal_error' } });
    expect(crash.text).not.toContain('hunter2');
  });
});

describe('completion', () => {
  const prompt = { type: 'ref/prompt', name: 'review_note' };
  const template = { type: 'ref/resource', uri: 'notes://folders/{folder}/notes/{id}' };

  it('shows a hundred values at most, and says that there are more', async () => {
    const { json } = await complete(prompt, 'id', 'n');
    const { values, hasMore } = json.result?.['completion'] as { values: string[]; hasMore: boolean };
    expect(values).toHaveLength(100);
    expect(hasMore).toBe(true);
  });

  it('is told what was chosen already, and not what nobody asked for', async () => {
    const chosen = { folder: 'home', foreign: 'x'.repeat(5_000) };
    const { json } = await complete(template, 'id', 'mi', chosen);
    expect(json.result?.['completion']).toEqual({ values: ['milk'], hasMore: false });
  });

  it('has nothing to say where nothing completes', async () => {
    const { json } = await complete({ type: 'ref/resource', uri: 'notes://me/{aspect}' }, 'aspect', '');
    expect(json.result?.['completion']).toEqual({ values: [], hasMore: false });
  });

  it.each([
    ['an unknown prompt', { type: 'ref/prompt', name: 'no_such' }, 'id'],
    ['a prompt one may not get', { type: 'ref/prompt', name: 'admin_prompt' }, 'id'],
    ['an unknown template', { type: 'ref/resource', uri: 'notes://{what}' }, 'what'],
    ['a template one may not read', { type: 'ref/resource', uri: 'notes://secrets/{id}' }, 'id'],
    ['an unknown argument', prompt, 'no_such'],
    ['an unknown variable', template, '__proto__'],
  ])('refuses %s', async (_name, ref, argument) => {
    const { json } = await complete(ref, argument, '');
    expect(json.error?.code).toBe(-32602);
  });

  it('refuses a prefix without end', async () => {
    const { json } = await complete(prompt, 'id', 'x'.repeat(2_000));
    expect(json.error).toMatchObject({ code: -32602, data: { code: 'validation_error' } });
  });
});

describe('the promise of the service', () => {
  it('can be kept in a snapshot', () => {
    const { resources, prompts } = notes.app.get(Catalogue);
    expect(resources.contracts.map(({ uri }) => uri)).toEqual(['notes://help']);
    expect(resources.templateContracts.map(({ uriTemplate }) => uriTemplate)).toEqual([
      'notes://folders/{folder}/notes/{id}',
      'notes://me/{aspect}',
      'notes://secrets/{id}',
    ]);
    expect(prompts.listings.map(({ name }) => name)).toEqual(['admin_prompt', 'review_note']);
  });
});
