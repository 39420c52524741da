import { describe, expect, it } from '@jest/globals';
import { waitFor } from '@gantry/testing';
import { PassThrough } from 'node:stream';
import { startStdio } from '../src/stdio-process.ts';
import { fixtureRoot } from './fixture.ts';

describe('a stdio service', () => {
  it('serves the principal of its configuration until the client closes', async () => {
    const input = new PassThrough();
    const output = new PassThrough();
    let said = '';
    output.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const { root } = fixtureRoot({ MCP_STDIO_TENANT: 'acme', MCP_STDIO_SCOPES: 'things:read' });
    const service = await startStdio(root, { input, output });
    const _meta = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientCapabilities': {},
    };
    input.write(
      `${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'health_check', _meta } })}\n`,
    );
    await waitFor(() => said.includes('"id":1'));
    expect(said).toContain('"service":"fixture"');
    input.end();
    await service.finished;
    await service.stop();
  });

  it('does not guess a tenant', async () => {
    const { root } = fixtureRoot({});
    await expect(startStdio(root)).rejects.toThrow(/MCP_STDIO_TENANT/);
  });
});
