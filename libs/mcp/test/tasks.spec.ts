import { connectLegacy, sendRaw, waitFor, type RawAnswer } from '@gantry/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { createTaskSessionFromClient, resultFromTaskOutcome } from '@modelcontextprotocol/ext-tasks/client';
import { CreateTaskResultV2Schema, GetTaskResultV2Schema } from '@modelcontextprotocol/ext-tasks/core/v2';
import { randomUUID } from 'node:crypto';
import { startDesk, type Desk, type Replica } from './desk/fixture.ts';
import { call, TASKS } from './desk/raw-call.ts';
import { startFixture } from './fixture.ts';

let desk: Desk;
let here: Replica;
let there: Replica;
let token: string;

beforeAll(async () => {
  desk = await startDesk();
  here = await desk.startReplica();
  there = await desk.startReplica();
  token = await desk.token();
});
afterAll(() => desk.close());

const args = (ending: string) => ({ ending, idempotency_key: randomUUID() });
const start = (ending: string, more: object = {}) =>
  call(here.url, token, { name: 'start_counting', args: args(ending), capabilities: TASKS, ...more });
const startTask = async (ending: string): Promise<string> => {
  const { result } = (await start(ending)).json;
  expect(result?.['resultType']).toBe('task');
  return result!['taskId'] as string;
};
const task = (
  method: string,
  taskId: string,
  {
    url = here.url,
    by = token,
    capabilities = TASKS,
  }: { url?: string; by?: string; capabilities?: object } = {},
) =>
  sendRaw(url, by, {
    method: `tasks/${method}`,
    params: { taskId, ...(method === 'update' && { inputResponses: {} }) },
    capabilities,
  });
const ended = (taskId: string): Promise<RawAnswer> =>
  waitFor(async () => {
    const answered = await task('get', taskId, { url: there.url });
    return answered.json.result?.['status'] === 'working' ? undefined : answered;
  }, 20_000);

/** Jest's objects are not those of Node's `Response.json()`, and the official client takes no others. */
const fetchInThisRealm: typeof fetch = async (...request) => {
  const response = await fetch(...request);
  return Object.assign(response, { json: async () => JSON.parse(await response.text()) as unknown });
};

/** As long as an id can be, and of nobody. */
const NOBODYS = `op_${'0'.repeat(26)}`;

describe('a call that starts an operation', () => {
  it('answers with a task, which is there at once', async () => {
    const { json } = await start('never');
    expect(CreateTaskResultV2Schema.parse(json.result)).toEqual({
      resultType: 'task',
      taskId: expect.stringMatching(/^op_/),
      status: 'working',
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      lastUpdatedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      ttlMs: expect.any(Number),
      pollIntervalMs: 2_000,
      _meta: expect.anything(),
    });
    expect(json.result!['ttlMs']).toBeGreaterThan(60_000);
    const taskId = json.result!['taskId'] as string;
    const seen = await task('get', taskId, { url: there.url });
    expect(GetTaskResultV2Schema.parse(seen.json.result)).toMatchObject({ taskId, status: 'working' });
    await task('cancel', taskId);
  });

  it('answers a repetition with the same task', async () => {
    const same = { args: args('good') };
    const [first, second] = [await start('', same), await start('', same)];
    expect(second.json.result!['taskId']).toBe(first.json.result!['taskId']);
    expect(second.json.result).toMatchObject({ resultType: 'task', _meta: { idempotent_replay: true } });
  });

  it('answers as always if the request does not declare tasks, even on the same connection', async () => {
    for (const capabilities of [{}, { extensions: {} }, { extensions: { 'other/tasks': {} } }]) {
      const { json } = await start('good', { capabilities });
      expect(json.result).toMatchObject({
        resultType: 'complete',
        structuredContent: { operation: { status: 'queued' } },
      });
    }
  });

  it('answers as always if there is nothing to wait for', async () => {
    const { json } = await start('at once');
    expect(json.result).toMatchObject({ resultType: 'complete', structuredContent: { counted: 1 } });
  });

  it('answers with the error if it rolled back', async () => {
    const { json } = await start('rolled back');
    expect(json.result).toMatchObject({ isError: true, structuredContent: { code: 'internal_error' } });
  });

  it('never shows a task to an older client', async () => {
    const client = await connectLegacy(here.url, token);
    expect(client.raw.getServerCapabilities()).not.toHaveProperty('extensions');
    const answered = await client.callTool('start_counting', args('good'));
    expect(answered.structuredContent).toMatchObject({ operation: { status: 'queued' } });
    const { operation_id: taskId } = answered.structuredContent!['operation'] as { operation_id: string };
    const response = await sendRaw(here.url, token, {
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tasks/get', params: { taskId } }),
      headers: { 'mcp-protocol-version': '2025-11-25', 'mcp-method': undefined },
    });
    expect(response.text).toContain('-32601');
    await client.close();
  });
});

describe('a task', () => {
  it('that succeeded has the result that its call would have had', async () => {
    const taskId = await startTask('good');
    const { json } = await ended(taskId);
    expect(GetTaskResultV2Schema.safeParse(json.result).error?.message).toBeUndefined();
    const operation = {
      operation_id: taskId,
      tool: 'start_counting',
      status: 'succeeded',
      result: { counted: 2 },
      progress: { done: 2 },
    };
    expect(json.result).toMatchObject({
      resultType: 'complete',
      taskId,
      status: 'completed',
      result: { resultType: 'complete', structuredContent: { operation } },
    });
    expect(json.result).not.toHaveProperty('pollIntervalMs');
    expect(json.result).not.toHaveProperty('result.isError');
  });

  it('that failed is completed, with the error as its result', async () => {
    const { json } = await ended(await startTask('refused'));
    expect(json.result).toMatchObject({
      status: 'completed',
      statusMessage: 'No more numbers.',
      result: {
        isError: true,
        structuredContent: { code: 'cannot_count', error: 'No more numbers.', retryable: false },
      },
    });
    expect(json.result).not.toHaveProperty('error');
  });

  it('can be cancelled, once and for all', async () => {
    const taskId = await startTask('never');
    await waitFor(async () => (await task('get', taskId)).json.result?.['statusMessage'] !== undefined);
    const ack = await task('cancel', taskId);
    expect(ack.json.result).toEqual({ resultType: 'complete', _meta: expect.anything() });
    const cancelled = await task('get', taskId);
    expect(cancelled.json.result).toMatchObject({ status: 'cancelled' });
    expect(cancelled.json.result).not.toHaveProperty('result');
    await task('cancel', taskId);
    expect((await task('get', taskId)).json.result).toEqual(cancelled.json.result);
  });

  it('does not change by a cancel that comes too late', async () => {
    const taskId = await startTask('good');
    const before = await ended(taskId);
    expect((await task('cancel', taskId)).json.result).toMatchObject({ resultType: 'complete' });
    expect((await task('get', taskId)).json.result).toEqual(before.json.result);
  });

  it('asks for nothing, so answers to it are ignored', async () => {
    const taskId = await startTask('good');
    const ack = await task('update', taskId);
    expect(ack.json.result).toEqual({ resultType: 'complete', _meta: expect.anything() });
  });

  it.each(['get', 'cancel', 'update'])('of others does not exist (%s)', async (method) => {
    const taskId = await startTask('never');
    const nobodys = await task(method, NOBODYS);
    expect(nobodys.json.error?.code).toBe(-32602);
    for (const who of [{ tenant: 'umbrella' }, { subject: 'eve' }, { client: 'evil' }]) {
      const foreign = await task(method, taskId, { by: await desk.token(who) });
      expect(foreign.json.error).toEqual(nobodys.json.error);
    }
    for (const odd of ['', '../etc', 'x'.repeat(10_000), `${taskId}' or true`]) {
      expect((await task(method, odd)).json.error?.code).toBe(-32602);
    }
    expect((await task('get', taskId)).json.result).toMatchObject({ status: 'working' });
    await task('cancel', taskId);
  });

  it.each(['get', 'cancel', 'update'])(
    'is out of reach for a request without the capability (%s)',
    async (method) => {
      const answered = await task(method, NOBODYS, { capabilities: {} });
      expect(answered.status).toBe(400);
      expect(answered.json.error).toMatchObject({
        code: -32021,
        data: { requiredCapabilities: TASKS },
      });
    },
  );

  it('is named in the header as in the body', async () => {
    const answered = await sendRaw(here.url, token, {
      method: 'tasks/get',
      params: { taskId: NOBODYS },
      capabilities: TASKS,
      headers: { 'mcp-name': 'another' },
    });
    expect(answered.status).toBe(400);
    expect(answered.json.error?.code).toBe(-32020);
  });

  it('is looked at and cancelled within limits and on record', async () => {
    const before = (await desk.audited('cancel_operation')).length;
    await task('cancel', NOBODYS);
    await waitFor(async () => (await desk.audited('cancel_operation')).length > before);
    expect((await desk.audited('cancel_operation')).at(-1)).toBe('not_found');
  });
});

describe('the extension', () => {
  it('is declared by a service that has operations, and by no other', async () => {
    const { json } = await sendRaw(here.url, token, { method: 'server/discover' });
    expect(json.result).toMatchObject({ capabilities: { extensions: TASKS.extensions } });
    const other = await startFixture();
    const plain = await sendRaw(other.url, await other.token(), { method: 'server/discover' });
    expect(plain.json.result).not.toHaveProperty('capabilities.extensions');
    const unknown = await sendRaw(other.url, await other.token(), {
      method: 'tasks/get',
      params: { taskId: NOBODYS },
      capabilities: TASKS,
    });
    expect(unknown.json.error?.code).toBe(-32601);
    await other.close();
  });

  it.each([
    ['good', { operation: { status: 'succeeded' } }],
    ['refused', { code: 'cannot_count' }],
  ])('works with the official client (%s)', async (ending, structuredContent) => {
    const client = new Client(
      { name: 'official', version: '1' },
      { versionNegotiation: { mode: { pin: '2026-07-28' } } },
    );
    const requestInit = { headers: { authorization: `Bearer ${token}` } };
    await client.connect(
      new StreamableHTTPClientTransport(new URL(here.url), { requestInit, fetch: fetchInThisRealm }),
    );
    const session = createTaskSessionFromClient(client, {
      endpointId: 'desk',
      rawDispatch: async (message) => {
        const { method, params } = message as { method: string; params: Record<string, unknown> };
        const name = params['taskId'] ?? params['name'];
        const { json } = await sendRaw(here.url, token, {
          method,
          body: JSON.stringify({ ...(message as object), jsonrpc: '2.0', id: 1 }),
          headers: { 'mcp-name': name as string },
        });
        return json.error
          ? { kind: 'error', error: json.error as never }
          : { kind: 'result', result: json.result as never };
      },
      v2RequestFraming: {
        protocolVersion: '2026-07-28',
        clientInfo: { name: 'official', version: '1' },
        clientCapabilities: {},
      },
    });
    const execution = await session.callTool('start_counting', args(ending));
    expect(execution.kind).toBe('task');
    const { outcome } = await execution.settle();
    expect(resultFromTaskOutcome(outcome)).toMatchObject({ structuredContent });
    await session.close();
    await client.close();
  });
});
