import { describe, expect, it } from '@jest/globals';
import { request, type Answer, type Era, type Input } from '../wire/input.ts';
import { promisesOf } from '../subject.ts';
import { Judge, type Verdict } from './judge.ts';
import { LeakDetector } from './leaks.ts';

const tools = promisesOf(
  [
    {
      name: 'get_thing',
      inputSchema: { type: 'object' },
      outputSchema: { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] },
    },
  ],
  new Map([['get_thing', ['thing_not_found']]]),
);
const leaks = new LeakDetector({
  secrets: new Map([['provider key', 'sk_test_0123456789']]),
  tables: ['things'],
  markers: ['planted-marker'],
});
const judge = new Judge(tools, leaks);

const envelope = {
  error: 'There is no such thing.',
  code: 'thing_not_found',
  category: 'business_error',
  retryable: false,
  hint: 'Call list_things.',
  error_id: 'err_1',
};
const call = (era: Era = 'modern') =>
  request('tools/call', { name: 'get_thing', arguments: {} }, { family: 'f', what: 'w', token: 't', era });

function answered(body: unknown, different: Partial<Answer> = {}): Answer {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { status: 200, headers: '', type: 'application/json', tookMs: 1, ...different, text };
}
function result(input: Input, content: object): object {
  return { jsonrpc: '2.0', id: input.asked!.id, result: { resultType: 'complete', ...content } };
}
const output = (structuredContent: object) => ({
  content: [{ type: 'text', text: JSON.stringify(structuredContent) }],
  structuredContent,
});
const failing = (error: object) => ({ ...output(error), isError: true });
const faults = ({ violations }: Verdict) => violations.map(({ fault }) => fault);
const ofResult = (content: object, era?: Era) => {
  const input = call(era);
  return judge.of(input, answered(result(input, content)));
};

describe('a proper answer', () => {
  it.each<[string, Verdict, string]>([
    ['what was asked for', ofResult(output({ id: 'a' })), 'ok'],
    ['an envelope with a declared code', ofResult(failing(envelope)), 'refused'],
    [
      'one with a shared code',
      ofResult(failing({ ...envelope, code: 'validation_error', category: 'client_error' })),
      'refused',
    ],
    ['a question', ofResult({ resultType: 'input_required', inputRequests: {}, requestState: 'a' }), 'ok'],
    ['a task', ofResult({ resultType: 'task', taskId: 'op_1', status: 'working' }), 'ok'],
    [
      'a refusal of the protocol',
      judge.of(
        call(),
        answered({ jsonrpc: '2.0', id: null, error: { code: -32602, message: 'No.' } }, { status: 400 }),
      ),
      'protocol',
    ],
    [
      'an internal failure with an envelope',
      judge.of(
        call(),
        answered({
          jsonrpc: '2.0',
          id: 1,
          error: {
            code: -32603,
            message: 'Later.',
            data: { ...envelope, code: 'rate_limited', category: 'client_error' },
          },
        }),
      ),
      'protocol',
    ],
    ['nothing, to a notification', judge.of(call(), answered('', { status: 202 })), 'ok'],
  ])('is %s', (_, verdict, outcome) => {
    expect(verdict).toMatchObject({ outcome, violations: [] });
  });

  it('may come as events, after others', () => {
    const input = call();
    const events = [
      { jsonrpc: '2.0', method: 'notifications/progress', params: {} },
      result(input, output({ id: 'a\u2028b\u0085' })),
    ];
    const text = [
      ': keep-alive',
      ...events.map((event) => `event: message\ndata: ${JSON.stringify(event)}`),
    ].join('\n\n');
    expect(judge.of(input, answered(text, { type: 'text/event-stream' }))).toMatchObject({
      outcome: 'ok',
      violations: [],
    });
  });

  it('has the envelope elsewhere for clients of 2025-11-25', () => {
    const { content } = failing(envelope);
    const meta = { 'gantry/error': envelope };
    expect(faults(ofResult({ content, isError: true, _meta: meta }, 'legacy'))).toEqual([]);
    expect(faults(ofResult(failing(envelope), 'legacy'))).toEqual(['unstructured']);
  });

  it('is unavailable when the service had no time', () => {
    expect(ofResult(failing({ ...envelope, code: 'timeout', category: 'server_error' }))).toMatchObject({
      isUnavailable: true,
      violations: [],
    });
  });
});

describe('an answer without structure', () => {
  const input = call();
  it.each<[string, Answer]>([
    ['no answer', answered('', { failure: 'ECONNRESET' })],
    ['text', answered('Bad Request', { status: 400 })],
    ['a page', answered('<html></html>', { status: 404, type: 'text/html' })],
    ['an empty body', answered('', { status: 200 })],
    [
      'HTTP status 500',
      answered({ jsonrpc: '2.0', id: 1, error: { code: -32000, message: 'x' } }, { status: 500 }),
    ],
    ['another version of JSON-RPC', answered({ id: 1, result: {} })],
    [
      'result and error',
      answered({ jsonrpc: '2.0', id: 1, result: {}, error: { code: -32602, message: 'x' } }),
    ],
    ['neither', answered({ jsonrpc: '2.0', id: 1 })],
    ['the answer to something else', answered({ ...result(input, output({ id: 'a' })), id: 'other' })],
    ['an unknown code', answered({ jsonrpc: '2.0', id: 1, error: { code: 42, message: 'x' } })],
    ['a code without words', answered({ jsonrpc: '2.0', id: 1, error: { code: -32602, message: '' } })],
    ['a result as a failure of HTTP', answered(result(input, output({ id: 'a' })), { status: 400 })],
    ['a broken event', answered('data: {"jsonrpc"\n\n', { type: 'text/event-stream' })],
  ])('is %s', (_, answer) => {
    expect(faults(judge.of(input, answer))).toContain('unstructured');
  });

  it.each<[string, object]>([
    ['an output that its schema forbids', output({ id: 1 })],
    ['an output and another text', { ...output({ id: 'a' }), content: [{ type: 'text', text: '{}' }] }],
    ['no output', {}],
    ['no resultType', { ...output({ id: 'a' }), resultType: undefined }],
    ['a question that asks nothing', { resultType: 'input_required' }],
    ['a task without an id', { resultType: 'task' }],
    ['an error without an envelope', { isError: true, content: [{ type: 'text', text: 'Oops' }] }],
    ['an undeclared code', failing({ ...envelope, code: 'other' })],
    ['no hint', failing({ ...envelope, hint: undefined })],
    ['no error_id', failing({ ...envelope, error_id: '' })],
    ['no category', failing({ ...envelope, category: 'mine' })],
    ['no retryable', failing({ ...envelope, retryable: 'yes' })],
    ['another field', failing({ ...envelope, stack: 'x' })],
    ['an echo without end', failing({ ...envelope, error: 'x'.repeat(3_000) })],
  ])('is %s', (_, content) => {
    expect(faults(ofResult(content))).toContain('unstructured');
  });

  it.each([
    ['resources/read', { contents: [{ uri: 'a' }] }],
    ['prompts/get', {}],
    ['completion/complete', { completion: { values: [1] } }],
    ['tools/list', { tools: [{}] }],
    ['tasks/get', { taskId: 'op_1' }],
  ])('is what %s never answers', (method, content) => {
    const asking = request(method, {}, { family: 'f', what: 'w', token: 't' });
    expect(faults(judge.of(asking, answered(result(asking, content))))).toEqual(['unstructured']);
  });
});

describe('a bug', () => {
  it('shows as internal_error', () => {
    expect(
      faults(ofResult(failing({ ...envelope, code: 'internal_error', category: 'server_error' }))),
    ).toEqual(['internal error']);
  });

  it('shows as an internal error without an envelope', () => {
    const error = { code: -32603, message: '[{"code":"invalid_type"}]' };
    expect(faults(judge.of(call(), answered({ jsonrpc: '2.0', id: 1, error })))).toEqual(['internal error']);
  });
});

describe('a leak', () => {
  it.each([
    ['a stack', 'Error: x\n    at Pool.connect (file:///srv/app/dist/pool:10:5)'],
    ['a position', 'see record.store.ts:12:7'],
    ['a module', '/srv/node_modules/postgres/src/connection.js'],
    ['a message of the driver', 'duplicate key value violates unique constraint "x"'],
    ['SQL', 'failed: select id, name from things where id = $1'],
    ['an error of JavaScript', "TypeError: Cannot read properties of undefined (reading 'a')"],
    ['a secret', 'with key sk_test_0123456789'],
    ["others' data", 'found planted-marker'],
    ['a file', 'root:x:0:0:root:/root:/bin/sh'],
    ['an evaluated template', 'Hello 9804221'],
  ])('is %s, in a body as in a header', (_, text) => {
    const input = call();
    const body = result(input, output({ id: text }));
    expect(faults(judge.of(input, answered(body)))).toEqual(['leak']);
    expect(
      faults(judge.of(input, answered(result(input, output({ id: 'a' })), { headers: `x: ${text}` }))),
    ).toEqual(['leak']);
  });
});

describe('other paths', () => {
  it('may answer in their own forms, but neither fail nor leak', () => {
    const input: Input = { family: 'f', what: 'w', path: '/health', headers: [], body: '' };
    expect(judge.of(input, answered('ok'))).toMatchObject({ outcome: 'ok', violations: [] });
    expect(judge.of(input, answered('no', { status: 404 }))).toMatchObject({
      outcome: 'protocol',
      violations: [],
    });
    expect(faults(judge.of(input, answered('no', { status: 503 })))).toEqual(['unstructured']);
    expect(faults(judge.of(input, answered('planted-marker')))).toEqual(['leak']);
  });

  it('may break a connection only where that is expected', () => {
    const broken = answered('', { failure: 'EPIPE' });
    expect(faults(judge.of({ ...call(), mayBreak: true }, broken))).toEqual([]);
  });

  it('may go on for ever where that is expected', () => {
    const listening = { ...call(), endAfterMs: 1 };
    const event = 'data: {"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged"}\n\n';
    expect(judge.of(listening, answered(event, { type: 'text/event-stream' }))).toMatchObject({
      outcome: 'ok',
      violations: [],
    });
  });
});
