import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sharedError } from '@gantry/errors';
import { Resilience } from '@gantry/resilience';
import { startIssuer, type TestIssuer } from '@gantry/testing';
import { startHttp, type RunningHttpService } from '../src/index.ts';
import { fixtureRoot } from './fixture.ts';

let issuer: TestIssuer;
let service: RunningHttpService;
beforeAll(async () => {
  issuer = await startIssuer();
  service = await startHttp(fixtureRoot({ MCP_AUTH_ISSUER: issuer.url }).root);
});
afterAll(async () => {
  await service.stop();
  await issuer.close();
});

describe('a dependency that fails', () => {
  it('opens its breaker: /health says so, and the service stays ready', async () => {
    const payments = service.app.get(Resilience).dependency('payments', {
      attempts: 1,
      breaker: { opensAfter: { failuresInARow: 1 }, openMs: 60_000 },
    });
    const failing = payments.run(() =>
      Promise.reject(sharedError('dependency_unavailable', 'Payments failed.')),
    );
    await expect(failing).rejects.toThrow();

    const { origin } = new URL(service.url);
    const health = await fetch(`${origin}/health`);
    expect(health.status).toBe(200);
    expect(await health.json()).toMatchObject({
      details: { breakers: { status: 'up', details: { payments: { breaker: 'open', in_use: 0 } } } },
    });
    expect((await fetch(`${origin}/health/ready`)).status).toBe(200);
    expect(await (await fetch(`${origin}/metrics`)).text()).toMatch(
      /^mcp_dependency_breaker_state\{.*dependency="payments".*\} \d$/m,
    );
  });
});
