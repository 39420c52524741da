import { afterEach, describe, expect, it } from '@jest/globals';
import { defineRemoteServer, RemoteServers } from '../src/index.ts';
import { startCallingService, type CallingService } from './calling-service.ts';
import { silent, startScriptedServer, type ScriptedServer } from './scripted-server.ts';

let server: ScriptedServer | undefined;
let service: CallingService | undefined;
afterEach(async () => {
  await service?.close();
  await server?.close();
  server = service = undefined;
});

describe('McpClientModule', () => {
  it('asks for the settings of its servers', async () => {
    const problem = /MCP_REMOTE_PAYMENTS_URL[\s\S]*MCP endpoint of the payments server/;
    await expect(startCallingService('')).rejects.toThrow(problem);
  });

  it.each(['http://payments:3000/mcp', 'http://127.0.0.1.example.com/mcp'])(
    'sends no token in the clear to %s unless it was told to',
    async (url) => {
      await expect(startCallingService(url)).rejects.toThrow(
        'MCP_REMOTE_PAYMENTS_URL must use https; for plain http in a closed network set MCP_REMOTE_PAYMENTS_ALLOW_INSECURE=true.',
      );
      service = await startCallingService(url, { env: { MCP_REMOTE_PAYMENTS_ALLOW_INSECURE: 'true' } });
    },
  );

  it('knows the servers it was given, and shows them before their first call', async () => {
    service = await startCallingService('http://localhost:1/mcp');
    expect(service.payments.name).toBe('payments');
    expect(service.resilience.state()).toEqual({ payments: { breaker: 'closed', in_use: 0, queued: 0 } });
    expect(await service.metrics()).toContain('mcp_dependency_requests_total{dependency="payments"');
    const records = defineRemoteServer('records', { scopes: [] });
    expect(() => service!.servers.get(records)).toThrow('There is no remote server "records"');
    expect(service.servers).toBeInstanceOf(RemoteServers);
  });

  it('closes its connections at the end, with what is still under way', async () => {
    server = await startScriptedServer();
    service = await startCallingService(server.url);
    const { payments, issuer } = service;
    await payments.call('get_payment', {}, { tenant: 'acme' });
    server.answers(silent);
    const calling = payments.call('get_payment', {}, { tenant: 'acme' });
    const failing = expect(calling).rejects.toThrow('payments has not said whether this was done.');
    while (server.asked.length < 2) await new Promise(setImmediate);
    service.servers.onApplicationShutdown();
    await failing;
    await server.asked[1]!.closed;
    expect(issuer.requests.token).toBe(1);
  });
});
