import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { RemoteUnavailable } from '../src/index.ts';
import { AUDIENCE, failureOf, startCallingService, type CallingService } from './calling-service.ts';
import { done, startScriptedServer, status, type Asked, type ScriptedServer } from './scripted-server.ts';

let server: ScriptedServer;
let service: CallingService;
beforeEach(async () => {
  server = await startScriptedServer();
  service = await startCallingService(server.url);
});
afterEach(async () => {
  await service.close();
  await server.close();
});

const pay = (tenant = 'acme') => service.payments.call('process_payment', { amount: 100 }, { tenant });

function tokenOf({ headers }: Asked): string {
  return headers.authorization!.replace(/^Bearer /, '');
}

function claimsOf(asked: Asked): Record<string, unknown> {
  const [, payload] = tokenOf(asked).split('.');
  return JSON.parse(Buffer.from(payload!, 'base64url').toString()) as Record<string, unknown>;
}

describe('the token of a call', () => {
  it("is this service's own, for that server, its scopes and the tenant, and is kept", async () => {
    await pay();
    await pay();
    await pay('globex');
    expect(server.asked.map(claimsOf)).toEqual(
      ['acme', 'acme', 'globex'].map((tenant) =>
        expect.objectContaining({
          aud: AUDIENCE,
          client_id: 'orders',
          scope: 'payments:read payments:write',
          tenant,
        }),
      ),
    );
    expect(service.issuer.requests.token).toBe(2);
  });

  it('is for the URL where no audience is named', async () => {
    await service.close();
    service = await startCallingService(server.url, { env: { MCP_REMOTE_PAYMENTS_AUDIENCE: '' } });
    await pay();
    expect(claimsOf(server.asked[0]!)).toMatchObject({ aud: server.url });
  });

  it('is a new one, once, after the server has refused it', async () => {
    server.answers(status(401), done({ status: 'captured' }));
    expect(await pay()).toMatchObject({ output: { status: 'captured' } });
    expect(new Set(server.asked.map(tokenOf)).size).toBe(2);
    await pay();
    expect(service.issuer.requests.token).toBe(2);
    expect(server.connections).toBe(1);
  });

  it('was refused again: nothing was done, and nobody can mend that by waiting', async () => {
    server.answers(status(401));
    const error = await failureOf(pay(), RemoteUnavailable);
    expect(error.misconfigured).toBe(true);
    expect(server.asked).toHaveLength(2);
  });

  it('was refused, and then there was none: nothing was done', async () => {
    await pay();
    server.answers((response) => {
      service.issuer.setUnavailable(true);
      response.writeHead(401).end();
    });
    const error = await failureOf(pay(), RemoteUnavailable);
    expect(error.misconfigured).toBe(false);
  });

  it('cannot be had while the issuer is away, which is no fault of the server', async () => {
    service.issuer.setUnavailable(true);
    for (let index = 0; index < 6; index += 1) {
      const error = await failureOf(pay(), RemoteUnavailable);
      expect(error.toEnvelope()).toMatchObject({ code: 'dependency_unavailable', retry_after_seconds: 5 });
    }
    expect(service.resilience.state()).toMatchObject({ payments: { breaker: 'closed' } });
    service.issuer.setUnavailable(false);
    expect(await pay()).toBeDefined();
  });

  it('is refused to this service by the issuer', async () => {
    const error = await failureOf(pay('initech'), RemoteUnavailable);
    expect(error.misconfigured).toBe(true);
    expect(server.asked).toHaveLength(0);
  });
});
