import { Metrics } from '@gantry/observability';
import { connectLegacy, connectModern, sendRaw, waitFor } from '@gantry/testing';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { randomUUID } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { StdioServer } from '../src/index.ts';
import { mood } from './desk/approval-tools.ts';
import { askedOf, errorOf, no, outputOf, useAsking, yes } from './desk/asking.ts';
import { call, FORMS } from './desk/raw-call.ts';

const the = useAsking();
let name: string;

beforeEach(() => {
  name = randomUUID();
});

describe('a person', () => {
  const connect = async (reply: (message: string) => object) => {
    const client = new Client(
      { name: 'desk', version: '1' },
      { versionNegotiation: { mode: { pin: '2026-07-28' } }, capabilities: FORMS },
    );
    client.setRequestHandler('elicitation/create', ({ params }) => reply(params.message) as never);
    const headers = { authorization: `Bearer ${the.token}` };
    await client.connect(
      new StreamableHTTPClientTransport(new URL(the.here.url), { requestInit: { headers } }),
    );
    return client;
  };

  it('is asked by the client, and the call goes on', async () => {
    const heard: string[] = [];
    const client = await connect((message) => (heard.push(message), yes));
    const result = await client.callTool({ name: 'approve_payment', arguments: { name } });
    expect(result.structuredContent).toEqual({ name, said: ['yes'] });
    expect(heard).toEqual([`Pay 10 EUR for ${name}?`]);
    expect(await the.desk.approved(name)).toBe(1);
    await client.close();
  });

  it.each([
    ['declines', { action: 'decline' }, 'approval_declined'],
    ['closes the form', { action: 'cancel' }, 'approval_declined'],
    ['says no', no, 'approval_declined'],
  ])('%s, and nothing happens', async (_what, reply, code) => {
    const client = await connect(() => reply);
    const result = await client.callTool({ name: 'approve_payment', arguments: { name } });
    expect(result.structuredContent).toMatchObject({ code });
    expect(await the.desk.approved(name)).toBe(0);
    await client.close();
  });

  it('answers one question after the other', async () => {
    const heard: string[] = [];
    const client = await connect(
      (message) => (
        heard.push(message),
        { action: 'accept', content: { approve: true, note: `${heard.length}` } }
      ),
    );
    const result = await client.callTool({ name: 'approve_payment', arguments: { name, mode: 'two' } });
    expect(result.structuredContent).toEqual({ name, said: ['1', '2'] });
    expect(heard).toEqual([`Pay 10 EUR for ${name}?`, 'Sure? You said 1.']);
    expect(await the.desk.approved(name)).toBe(1);
    await client.close();
  });

  it('answers two questions at once', async () => {
    const heard: string[] = [];
    const client = await connect((message) => (heard.push(message), yes));
    await client.callTool({ name: 'approve_payment', arguments: { name, mode: 'both' } });
    expect(heard.sort()).toEqual(['One?', 'Two?']);
    expect(mood.runs).toBe(2);
    expect(await the.desk.approved(name)).toBe(1);
    await client.close();
  });

  it('is asked over stdio as well', async () => {
    const [input, output] = [new PassThrough(), new PassThrough()];
    const messages: { id?: number; result?: Record<string, unknown> }[] = [];
    output.on('data', (chunk: Buffer) => {
      for (const line of chunk.toString().split('\n').filter(Boolean))
        messages.push(JSON.parse(line) as never);
    });
    const principal = { tenant: 'acme', subject: 'ada', client: 'cli', scopes: new Set(['things:write']) };
    const served = the.here.app.get(StdioServer).serve(principal, { input, output });
    const exchange = async (id: number, params: object) => {
      const _meta = {
        'io.modelcontextprotocol/protocolVersion': '2026-07-28',
        'io.modelcontextprotocol/clientCapabilities': FORMS,
      };
      const full = { name: 'approve_payment', arguments: { name }, _meta, ...params };
      input.write(`${JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params: full })}\n`);
      return (await waitFor(() => messages.find((message) => message.id === id))).result!;
    };
    const asked = await exchange(1, {});
    expect(asked).toMatchObject({ resultType: 'input_required' });
    const { requestState } = asked;
    const done = await exchange(2, { requestState, inputResponses: { approve: yes } });
    expect(done['structuredContent']).toEqual({ name, said: ['yes'] });
    input.end();
    await served;
  });
});

describe('a call that asks', () => {
  it('ends with the form, and leaves nothing behind but its traces', async () => {
    const before = (await the.desk.audited('approve_payment')).length;
    const key = `key-${name}`;
    const asked = await the.ask({ args: { name, idempotency_key: key } });
    expect(asked.inputRequests).toEqual({
      approve: {
        method: 'elicitation/create',
        params: {
          mode: 'form',
          message: `Pay 10 EUR for ${name}?`,
          requestedSchema: {
            type: 'object',
            properties: { approve: { type: 'boolean' }, note: { type: 'string', maxLength: 20 } },
            required: ['approve'],
          },
        },
      },
    });
    expect(asked.requestState).toMatch(/^[\w-]+$/);
    expect(await the.desk.approved(name)).toBe(0);
    const audited = await waitFor(async () => {
      const all = await the.desk.audited('approve_payment');
      return all.length > before ? all : undefined;
    });
    expect(audited.at(-1)).toBe('input_required');
    const metrics = await the.here.app.get(Metrics).registry.metrics();
    expect(metrics).toMatch(/mcp_requests_total\{tool="approve_payment",status="input_required"\} [1-9]/);
    // The key is free: the same call asks again.
    await the.ask({ args: { name, idempotency_key: key } });
  });

  it('goes on at another replica, whose keys have been rotated, and back', async () => {
    const raw = { args: { name, mode: 'two' } };
    const first = await the.ask(raw, the.here.url);
    const second = askedOf(await the.answer(raw, first, { approve: yes }, { url: the.there.url }));
    expect(Object.keys(second.inputRequests)).toEqual(['confirm']);
    const done = await the.answer(raw, second, { confirm: yes }, { url: the.there.url });
    expect(outputOf(done)).toEqual({ name, said: ['yes', 'yes'] });
    // Signed with the new key, which only the rotated replica has.
    const fresh = await the.ask({ args: { name } }, the.there.url);
    expect(errorOf(await the.answer({ args: { name } }, fresh, { approve: yes })).code).toBe(
      'validation_error',
    );
  });

  it('asks again if the question is not the same any more', async () => {
    const asked = await the.ask({ args: { name } });
    mood.amount = '10000 EUR';
    const again = askedOf(await the.answer({ args: { name } }, asked, { approve: yes }));
    expect(again.inputRequests['approve']!.params['message']).toBe(`Pay 10000 EUR for ${name}?`);
    expect(await the.desk.approved(name)).toBe(0);
    expect(outputOf(await the.answer({ args: { name } }, again, { approve: yes }))).toBeDefined();
  });

  it('asks again if nothing was answered', async () => {
    const asked = await the.ask({ args: { name } });
    const again = await the.answer({ args: { name } }, asked, {});
    expect(again.json.result).toMatchObject({ resultType: 'input_required' });
  });

  it('cannot swallow its question', async () => {
    const asked = await the.ask({ args: { name, mode: 'deaf' } });
    expect(await the.desk.approved(name)).toBe(0);
    expect(asked.inputRequests['approve']!.params['message']).toBe(`Pay ${name}?`);
  });

  it.each(['nested', 'odd key'])(
    'fails as a bug of the tool if its question cannot be asked (%s)',
    async (mode) => {
      expect(errorOf(await call(the.here.url, the.token, { args: { name, mode } })).code).toBe(
        'internal_error',
      );
      expect(await the.desk.approved(name)).toBe(0);
    },
  );

  it('fails as a bug of the tool if it only reads', async () => {
    const answered = await call(the.here.url, the.token, { name: 'peek_payment' });
    expect(errorOf(answered).code).toBe('internal_error');
  });
});

describe('a client that cannot show forms', () => {
  it.each([
    ['nothing', {}],
    ['links alone', { elicitation: { url: {} } }],
  ])('declares %s and gets the alternative', async (_what, capabilities) => {
    const answered = await call(the.here.url, the.token, { args: { name }, capabilities });
    expect(errorOf(answered).code).toBe('approval_needed');
  });

  it('declares forms the short way and is asked', async () => {
    await the.ask({ args: { name }, capabilities: { elicitation: {} } });
  });

  it('is of 2026-07-28 without a handler, or older', async () => {
    for (const connect of [connectModern, connectLegacy]) {
      const client = await connect(the.here.url, the.token);
      const answered = await client.callTool('approve_payment', { name });
      expect(JSON.stringify(answered.content)).toContain('approval_needed');
      await client.close();
    }
  });

  it('is older, whatever it writes into its request', async () => {
    const response = await sendRaw(the.here.url, the.token, {
      headers: { 'mcp-protocol-version': '2025-11-25', 'mcp-method': undefined },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: {
          name: 'approve_payment',
          arguments: { name },
          _meta: { 'io.modelcontextprotocol/clientCapabilities': FORMS },
        },
      }),
    });
    expect(response.text).toContain('approval_needed');
  });
});
