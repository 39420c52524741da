import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler } from '@modelcontextprotocol/server';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectLegacy, connectModern, connectStdio, waitFor, type McpClient } from '../src/index.ts';
import { fixtureServer } from './fixtures/mcp-server.ts';

let server: Server;
let url: string;

beforeAll(async () => {
  const handler = createMcpHandler(({ requestInfo }) =>
    fixtureServer(requestInfo?.headers.get('authorization') ?? undefined),
  );
  server = createServer(toNodeHandler(handler)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
});
afterAll(async () => {
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
});

const stdioServer = {
  command: process.execPath,
  args: [fileURLToPath(new URL('fixtures/stdio-server.ts', import.meta.url))],
  env: { CALLER: 'stdio' },
};

describe.each([
  ['modern', () => connectModern(url, 'abc'), '2026-07-28', 'Bearer abc'],
  ['legacy', () => connectLegacy(url, 'abc'), '2025-11-25', 'Bearer abc'],
  ['stdio', () => connectStdio(stdioServer), '2026-07-28', 'stdio'],
  ['legacy stdio', () => connectStdio({ ...stdioServer, era: 'legacy' }), '2025-11-25', 'stdio'],
] as [string, () => Promise<McpClient>, string, string][])('a %s client', (_, connect, version, caller) => {
  let client: McpClient;

  beforeAll(async () => {
    client = await connect();
  });
  afterAll(() => client.close());

  it('speaks its protocol era', () => {
    expect(client.protocolVersion).toBe(version);
  });

  it('lists tools', async () => {
    const tools = await client.listTools();
    expect(tools.map((tool) => tool.name)).toEqual(['greet', 'refuse', 'echo_meta', 'hang']);
    expect(tools[0]).toMatchObject({ title: 'Greet', inputSchema: { required: ['name'] } });
  });

  it('calls a tool, with its identity', async () => {
    const answer = await client.callTool('greet', { name: 'Ada' });
    expect(answer.structuredContent).toEqual({ greeting: `Hello Ada, from ${caller}` });
    expect(answer.isError ?? false).toBe(false);
  });

  it('gives an error answer as an answer', async () => {
    expect(await client.callTool('refuse')).toMatchObject({
      isError: true,
      content: [{ type: 'text', text: 'no' }],
    });
  });

  it('sends _meta along', async () => {
    const answer = await client.callTool('echo_meta', {}, { meta: { 'test/trace': 'abc' } });
    expect(JSON.parse(answer.content[0]!.text!)).toMatchObject({ 'test/trace': 'abc' });
  });

  it('gives up when it is told to, or when time is up', async () => {
    const abort = new AbortController();
    const hanging = client.callTool('hang', {}, { signal: abort.signal });
    abort.abort(new Error('enough'));
    await expect(hanging).rejects.toThrow('enough');
    await expect(client.callTool('hang', {}, { timeoutMs: 50 })).rejects.toThrow(/timed out/i);
  });

  it('lists and reads resources', async () => {
    expect(await client.listResources()).toMatchObject([{ uri: 'test://note', name: 'note' }]);
    expect(await client.readResource('test://note')).toMatchObject([{ uri: 'test://note', text: 'a note' }]);
  });
});

describe('connectStdio', () => {
  it('keeps what the server writes to its standard error', async () => {
    const client = await connectStdio(stdioServer);
    await waitFor(() => client.stderr.includes('fixture server is up'));
    await client.close();
  });

  it('says why there is no server', async () => {
    const failing = {
      command: process.execPath,
      args: ['--eval', 'console.error("no database"); process.exit(1)'],
    };
    await expect(connectStdio(failing)).rejects.toThrow('no database');
  });
});
