import { sendRaw, type RawAnswer, type RawRequest } from '@gantry/testing';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { INestApplicationContext } from '@nestjs/common';
import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import { ModernFrontEnd } from '../src/modern/modern-front-end.ts';
import { startDesk, type Desk } from './desk/fixture.ts';
import { FORMS, TASKS } from './desk/raw-call.ts';
import { startFixture, type Fixture } from './fixture.ts';

/**
 * Plain requests of 2026-07-28 are answered without the official SDK. Here a second service answers the same requests
 * with it, and both must say the same.
 */
interface Service {
  readonly url: string;
  readonly app: INestApplicationContext;
}

/** Lets the SDK answer everything. */
function withoutOwnFrontEnd<S extends Service>(service: S): S {
  jest.spyOn(service.app.get(ModernFrontEnd), 'answer').mockReturnValue(undefined);
  return service;
}

/** What differs from call to call is not compared. */
function meaning({ status, headers, text, json }: RawAnswer): unknown {
  const anonymous = JSON.stringify(Object.keys(json).length > 0 ? json : text)
    .replaceAll(/(err|op)_[0-9a-z]{26}/g, '$1')
    .replaceAll(/"requestState":"[^"]+"/g, '"requestState":"…"')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'then');
  return {
    status,
    type: headers.get('content-type'),
    challenge: headers.get('www-authenticate'),
    answer: JSON.parse(anonymous) as unknown,
  };
}

const KEY = 'key-00000001';
const call = (name: string, args: unknown, more: Partial<RawRequest> = {}): RawRequest => ({
  method: 'tools/call',
  ...more,
  params: { name, arguments: args, ...more.params },
});

describe('tools without a database', () => {
  let own: Fixture;
  let sdk: Fixture;
  let answered: jest.SpiedFunction<ModernFrontEnd['answer']>;

  beforeAll(async () => {
    own = await startFixture();
    sdk = withoutOwnFrontEnd(await startFixture());
    answered = jest.spyOn(own.app.get(ModernFrontEnd), 'answer');
  });
  afterAll(() => Promise.all([own.close(), sdk.close()]));

  /** What both answered, and whether it came from the own front end. */
  async function ask(request: RawRequest, scopes = ['things:write']) {
    answered.mockClear();
    const ours = meaning(await sendRaw(own.url, await own.token(...scopes), request));
    const isOwn = answered.mock.results.some(({ value }) => value !== undefined);
    const theirs = meaning(await sendRaw(sdk.url, await sdk.token(...scopes), request));
    return { ours, theirs, isOwn };
  }

  it.each<[string, RawRequest]>([
    ['the list', {}],
    ['a call', call('echo_text', { text: 'hi "there" \u{1F600}\u2028' })],
    ['a write', call('create_thing', { mood: 'good', idempotency_key: KEY })],
    ['a refusal', call('create_thing', { mood: 'refused', idempotency_key: KEY })],
    ['a failure', call('create_thing', { mood: 'crash', idempotency_key: KEY })],
    ['an output that breaks its promise', call('create_thing', { mood: 'wrong', idempotency_key: KEY })],
    ['arguments that are not valid', call('echo_text', { text: 1 })],
    ['no arguments', call('echo_text', undefined)],
    ['a client with capabilities', { capabilities: { elicitation: {}, ...TASKS, sampling: {} } }],
    ['trace context', { params: { _meta: { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` } } }],
    ['a key of somebody else in _meta', { params: { _meta: { 'com.example/thing': [1] } } }],
  ])('answers as the SDK would: %s', async (_, request) => {
    const { ours, theirs, isOwn } = await ask(request);
    expect(ours).toEqual(theirs);
    expect(isOwn).toBe(true);
  });

  it('lists by scopes, as the SDK would', async () => {
    const all = await ask({});
    const some = await ask({}, ['things:read']);
    const none = await ask({}, []);
    for (const { ours, theirs, isOwn } of [all, some, none]) {
      expect(ours).toEqual(theirs);
      expect(isOwn).toBe(true);
    }
    expect(some.ours).not.toEqual(all.ours);
    expect(none.ours).toMatchObject({ answer: { result: { tools: [] } } });
  });

  it.each<[string, RawRequest]>([
    ['an unknown tool', call('no_such_tool', {})],
    ['a cursor', { params: { cursor: 'abc' } }],
    ['arguments that are a list', call('echo_text', [])],
    [
      'a client that wants progress',
      call('echo_text', { text: 'a' }, { params: { _meta: { progressToken: 1 } } }),
    ],
    [
      'a name in base64',
      call('echo_text', { text: 'a' }, { headers: { 'mcp-name': '=?base64?ZWNob190ZXh0?=' } }),
    ],
    [
      'another name in the header',
      call('echo_text', { text: 'a' }, { headers: { 'mcp-name': 'create_thing' } }),
    ],
    ['no name in the header', call('echo_text', { text: 'a' }, { headers: { 'mcp-name': undefined } })],
    ['another method in the header', { headers: { 'mcp-method': 'tools/call' } }],
    ['no method in the header', { headers: { 'mcp-method': undefined } }],
    ['no version in the header', { headers: { 'mcp-protocol-version': undefined } }],
    ['capabilities with settings', { capabilities: { elicitation: { form: { applyDefaults: true } } } }],
    ['capabilities that are none', { capabilities: { elicitation: 1 } }],
    ['another method', { method: 'server/discover' }],
    ['an unknown method', { method: 'tools/none' }],
  ])('leaves to the SDK: %s', async (_, request) => {
    const { ours, theirs, isOwn } = await ask(request);
    expect(ours).toEqual(theirs);
    expect(isOwn).toBe(false);
  });

  it('answers whatever else is sent as the SDK would', async () => {
    const names = ['tools/list', 'tools/call', 'echo_text', 'io.modelcontextprotocol/protocolVersion'];
    const odd = fc.oneof(
      fc.constantFrom<unknown>(null, true, 0, -1, 1.5, '', [], {}, [1], { a: 1 }, '2025-11-25', ...names),
      fc.jsonValue({ maxDepth: 1 }),
    );
    const change = fc.record({
      path: fc.constantFrom(
        ...['id', 'method', 'jsonrpc', 'params', 'more', 'params.name', 'params.arguments', 'params.more'],
        ...[
          'params.inputResponses',
          'params.requestState',
          'params.cursor',
          'params._meta',
          'params._meta.more',
        ],
        ...['protocolVersion', 'clientInfo', 'clientCapabilities', 'logLevel', 'subscriptionId'].map(
          (key) => `params._meta.io-modelcontextprotocol/${key}`,
        ),
        ...['params._meta.traceparent', 'params._meta.baggage', 'params._meta.progressToken'],
      ),
      value: fc.option(odd, { nil: undefined }),
    });
    const header = fc.record({
      name: fc.constantFrom('mcp-method', 'mcp-name', 'mcp-protocol-version', 'accept', 'mcp-session-id'),
      value: fc.option(fc.constantFrom('', 'application/json', '*/*', ' tools/list', 'a, b', ...names), {
        nil: undefined,
      }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.boolean(),
        fc.array(change, { minLength: 1, maxLength: 2 }),
        fc.array(header, { maxLength: 1 }),
        async (isCall, changes, headers) => {
          const request = isCall ? call('echo_text', { text: 'a' }) : { method: 'tools/list' };
          const { ours, theirs } = await ask({
            ...request,
            headers: Object.fromEntries(headers.map(({ name, value }) => [name, value])),
            body: JSON.stringify(changed(messageOf(request), changes)),
          });
          expect(ours).toEqual(theirs);
        },
      ),
      { numRuns: 400 },
    );
  });
});

describe('tools that ask and tools that start operations', () => {
  let desk: Desk;
  const urls: { own: string; sdk: string } = { own: '', sdk: '' };

  beforeAll(async () => {
    desk = await startDesk();
    const env = { MCP_REQUEST_STATE_KEYS: 'k'.repeat(32) };
    urls.own = (await desk.startReplica(env)).url;
    urls.sdk = withoutOwnFrontEnd(await desk.startReplica(env)).url;
  });
  afterAll(() => desk.close());

  it.each([
    ['a question', 'approve_payment', { name: 'rent' }, FORMS, 'input_required'],
    ['a refusal, for a client that cannot ask', 'approve_payment', { name: 'rent' }, {}, 'complete'],
    ['a task', 'start_counting', { ending: 'good' }, TASKS, 'task'],
    ['an operation, for a client without tasks', 'start_counting', { ending: 'good' }, {}, 'complete'],
  ])('answers with %s as the SDK would', async (_, name, args, capabilities, resultType) => {
    const token = await desk.token();
    const answers = [];
    for (const url of [urls.own, urls.sdk]) {
      const request = call(name, { ...args, idempotency_key: randomUUID() }, { capabilities });
      answers.push(meaning(await sendRaw(url, token, request)));
    }
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]).toMatchObject({ status: 200, answer: { result: { resultType } } });
  });

  it('says that an answer is a repetition, as the SDK would', async () => {
    const token = await desk.token();
    const request = call('start_counting', { ending: 'at once', idempotency_key: randomUUID() });
    await sendRaw(urls.own, token, request);
    const [ours, theirs] = [await sendRaw(urls.own, token, request), await sendRaw(urls.sdk, token, request)];
    expect(meaning(ours)).toEqual(meaning(theirs));
    expect(ours.json.result).toMatchObject({ _meta: { idempotent_replay: true } });
  });
});

function messageOf({ method, params }: RawRequest): Record<string, unknown> {
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientCapabilities': {},
    'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '0' },
  };
  return { jsonrpc: '2.0', id: 1, method, params: { ...params, _meta } };
}

/** A message with other values at some places; `undefined` takes away what is there. */
function changed(
  message: Record<string, unknown>,
  changes: readonly { path: string; value: unknown }[],
): Record<string, unknown> {
  for (const { path, value } of changes) {
    const keys = path.split('.').map((key) => key.replace('io-', 'io.'));
    const last = keys.pop()!;
    let at: unknown = message;
    for (const key of keys) at = (at as Record<string, unknown> | null | undefined)?.[key];
    if (typeof at === 'object' && at !== null) (at as Record<string, unknown>)[last] = value;
  }
  return message;
}
