import { describe, expect, it } from '@jest/globals';
import { waitFor } from '@gantry/testing';
import { PassThrough } from 'node:stream';
import { StdioServer } from '../src/index.ts';
import { slow, startFixture } from './fixture.ts';

const principal = { tenant: 'acme', subject: 'ada', client: 'tests', scopes: new Set(['things:read']) };

function connect() {
  const input = new PassThrough();
  const output = new PassThrough();
  const messages: { id?: number; result?: Record<string, unknown>; error?: { code: number } }[] = [];
  output.on('data', (chunk: Buffer) => {
    for (const line of chunk.toString().split('\n').filter(Boolean)) messages.push(JSON.parse(line) as never);
  });
  const send = (message: object) => input.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  const answer = async (id: number) => {
    await waitFor(() => messages.some((message) => message.id === id));
    return messages.find((message) => message.id === id)!;
  };
  return { input, output, send, answer };
}

describe('stdio', () => {
  it('serves the older era by handshake, with the tools of its principal', async () => {
    const fixture = await startFixture();
    const { input, output, send, answer } = connect();
    const served = fixture.app.get(StdioServer).serve(principal, { input, output });
    send({
      id: 1,
      method: 'initialize',
      params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'old', version: '1' } },
    });
    expect((await answer(1)).result).toMatchObject({ serverInfo: { name: 'fixture', version: '1.2.3' } });
    send({ method: 'notifications/initialized' });
    send({ id: 2, method: 'tools/list' });
    const { tools } = (await answer(2)).result as { tools: { name: string }[] };
    expect(tools.map((tool) => tool.name)).toEqual(['echo_text', 'wait_long']);
    send({
      id: 3,
      method: 'tools/call',
      params: { name: 'create_thing', arguments: { mood: 'good', idempotency_key: 'k-12345678' } },
    });
    expect((await answer(3)).result).toMatchObject({ isError: true });
    input.end();
    await served;
    await fixture.close();
  });

  it('serves 2026-07-28, and ends the calls of a client that has gone', async () => {
    const fixture = await startFixture();
    const { input, output, send, answer } = connect();
    const served = fixture.app.get(StdioServer).serve(principal, { input, output });
    const _meta = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientCapabilities': {},
    };
    send({ id: 1, method: 'server/discover', params: { _meta } });
    expect((await answer(1)).result).toMatchObject({ supportedVersions: ['2026-07-28'] });
    send({ id: 2, method: 'tools/call', params: { name: 'echo_text', arguments: { text: 'hi' }, _meta } });
    expect((await answer(2)).result).toMatchObject({ structuredContent: { text: 'hi' } });
    const before = { ...slow };
    send({ id: 3, method: 'tools/call', params: { name: 'wait_long', arguments: { ms: 1_400 }, _meta } });
    await waitFor(() => slow.started > before.started);
    input.end();
    await served;
    await waitFor(() => slow.aborted > before.aborted);
    await fixture.close();
  });
});
