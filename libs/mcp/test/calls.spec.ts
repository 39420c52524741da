import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ErrorEnvelope } from '@gantry/errors';
import { connectLegacy, connectModern, sendRaw, waitFor } from '@gantry/testing';
import { ERROR_META_KEY } from '../src/index.ts';
import { slow, startFixture, type Fixture } from './fixture.ts';
import { callRaw } from './raw-client.ts';

let fixture: Fixture;
let token: string;

beforeAll(async () => {
  fixture = await startFixture();
  token = await fixture.token('things:write');
});
afterAll(() => fixture.close());

const KEY = 'key-00000001';

describe('clients of both eras', () => {
  it.each([
    ['2026-07-28', connectModern],
    ['2025-11-25', connectLegacy],
  ])('%s: lists, calls, reads and gets refusals it can use', async (era, connect) => {
    const client = await connect(fixture.url, token);
    const tools = await client.listTools();
    expect(tools.map((tool) => tool.name)).toEqual(['create_thing', 'echo_text', 'wait_long']);
    const echoed = await client.callTool('echo_text', { text: 'hi' });
    expect(echoed.structuredContent).toEqual({ text: 'hi' });
    const refused = await client.callTool('create_thing', { mood: 'refused', idempotency_key: KEY });
    expect(refused.isError).toBe(true);
    const [content] = refused.content as unknown as { text: string }[];
    const envelope = JSON.parse(content!.text) as ErrorEnvelope;
    expect(envelope).toMatchObject({ code: 'thing_refused', category: 'business_error', retryable: false });
    expect(envelope.error_id).toMatch(/^err_/);
    if (era === '2026-07-28') expect(refused.structuredContent).toEqual(envelope);
    else expect(refused._meta?.[ERROR_META_KEY]).toEqual(envelope);
    await client.close();
  });

  it('shows only the tools that the token may call', async () => {
    const client = await connectModern(fixture.url, await fixture.token('things:read'));
    expect((await client.listTools()).map((tool) => tool.name)).toEqual(['echo_text', 'wait_long']);
    await client.close();
  });

  it('derives annotations and the idempotency key from the effect', async () => {
    const answer = await sendRaw(fixture.url, token);
    const tools = answer.json.result?.['tools'] as {
      name: string;
      annotations: object;
      inputSchema: { required?: string[] };
    }[];
    const create = tools.find((tool) => tool.name === 'create_thing')!;
    expect(create.annotations).toEqual({
      readOnlyHint: false,
      destructiveHint: false,
      idempotentHint: true,
      openWorldHint: false,
    });
    expect(create.inputSchema.required).toEqual(['mood', 'idempotency_key']);
    const echo = tools.find((tool) => tool.name === 'echo_text')!;
    expect(echo.inputSchema).toMatchObject({ additionalProperties: false, required: ['text'] });
    expect(answer.json.result).toMatchObject({ ttlMs: 60_000, cacheScope: 'private' });
  });
});

describe('an integer', () => {
  it('is listed without the bounds of all safe ones, and must be one all the same', async () => {
    const { json } = await sendRaw(fixture.url, token);
    const tools = json.result?.['tools'] as { name: string; inputSchema: { properties: { ms: object } } }[];
    const { ms } = tools.find(({ name }) => name === 'wait_long')!.inputSchema.properties;
    expect(ms).toEqual({ type: 'integer', maximum: 60_000, description: 'How long.' });
    const refused = await callRaw(fixture.url, token, 'wait_long', { ms: -1e21 });
    expect(refused.json.result).toMatchObject({
      isError: true,
      structuredContent: { code: 'validation_error', details: { issues: [{ path: '/ms' }] } },
    });
  });
});

describe('what a caller may not see or send', () => {
  const envelopeOf = async (name: string, args: unknown): Promise<ErrorEnvelope> =>
    (await callRaw(fixture.url, token, name, args)).json.result?.['structuredContent'] as ErrorEnvelope;

  it.each(['crash', 'undeclared', 'wrong'])('hides what went wrong inside (%s)', async (mood) => {
    const answer = await callRaw(fixture.url, token, 'create_thing', { mood, idempotency_key: KEY });
    expect(answer.status).toBe(200);
    expect(answer.json.result).toMatchObject({
      isError: true,
      structuredContent: { code: 'internal_error' },
    });
    expect(answer.text).not.toMatch(/hunter2|db\.internal|never_declared|stack|Error:/);
  });

  it.each([
    ['an unknown field', { text: 'a', extra: 1 }, ''],
    ['a wrong type', { text: 1 }, '/text'],
    ['a missing field', {}, '/text'],
    ['a string too long', { text: 'x'.repeat(101) }, '/text'],
    ['a NUL character', { text: 'a\0b' }, '/text'],
    ['half a surrogate pair', { text: '\ud800' }, '/text'],
    ['a NUL in a key', { 'te\0xt': 1 }, ''],
    ['a list instead of an object', [], ''],
  ])('points at %s', async (_name, args, path) => {
    const answer = await callRaw(fixture.url, token, 'echo_text', args);
    if (Array.isArray(args)) return expect(answer.json.error?.code).toBe(-32602);
    const envelope = answer.json.result?.['structuredContent'] as ErrorEnvelope;
    expect(envelope.code).toBe('validation_error');
    expect(envelope.details?.['issues']).toEqual([expect.objectContaining({ path })]);
  });

  it('asks for a missing idempotency key by its own code', async () => {
    expect((await envelopeOf('create_thing', { mood: 'good' })).code).toBe('idempotency_key_required');
    expect((await envelopeOf('create_thing', { mood: 'good', idempotency_key: 'short' })).code).toBe(
      'validation_error',
    );
    expect((await envelopeOf('create_thing', { mood: 'bad' })).code).toBe('validation_error');
  });
});

describe('calls that take long', () => {
  it('end at their deadline', async () => {
    const answer = await callRaw(fixture.url, token, 'wait_long', { ms: 30_000 });
    const envelope = answer.text.includes('data:') ? answer.text : JSON.stringify(answer.json.result);
    expect(envelope).toContain('timeout');
  });

  it('are left behind if they are deaf', async () => {
    const answer = await callRaw(fixture.url, token, 'wait_long', { ms: 2_500, deaf: true });
    expect(answer.text).toContain('timeout');
  });

  const waiting = { method: 'tools/call', params: { name: 'wait_long', arguments: { ms: 1_400 } } };
  it.each([
    ['2026-07-28', {}],
    [
      '2025-11-25',
      {
        headers: { 'mcp-protocol-version': '2025-11-25', 'mcp-method': undefined },
        body: JSON.stringify({ jsonrpc: '2.0', id: 9, ...waiting }),
      },
    ],
  ])('stop when the client goes away (%s)', async (_, older) => {
    const before = { ...slow };
    const leaving = new AbortController();
    const call = { ...waiting, ...older, signal: leaving.signal };
    const gone = sendRaw(fixture.url, token, call).catch(() => {});
    await waitFor(() => slow.started > before.started);
    leaving.abort();
    await gone;
    await waitFor(() => slow.aborted > before.aborted);
    expect(slow.finished).toBe(before.finished);
  });

  it('report progress to a client that asked', async () => {
    const { headers, text } = await sendRaw(fixture.url, token, {
      method: 'tools/call',
      params: { name: 'wait_long', arguments: { ms: 10 }, _meta: { progressToken: 'p1' } },
    });
    expect(headers.get('content-type')).toContain('text/event-stream');
    expect(text).toContain('"progressToken":"p1"');
    expect(text).toContain('half-way');
  });

  it('finish while the service drains, and are ended when they overstay', async () => {
    const quick = callRaw(fixture.url, token, 'wait_long', { ms: 100 });
    await waitFor(() => fixture.inFlight.size === 1);
    expect(await fixture.inFlight.drain(5_000)).toBe(0);
    expect((await quick).json.result).toMatchObject({ structuredContent: {} });
    const long = callRaw(fixture.url, token, 'wait_long', { ms: 1_200 });
    await waitFor(() => fixture.inFlight.size === 1);
    expect(await fixture.inFlight.drain(100)).toBe(1);
    expect((await long).text).toContain('dependency_unavailable');
  });
});
