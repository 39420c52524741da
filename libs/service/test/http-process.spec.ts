import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { InFlight } from '@gantry/mcp';
import { connectModern, startIssuer, waitFor, type TestIssuer } from '@gantry/testing';
import { startHttp, type RunningHttpService } from '../src/index.ts';
import { AUDIENCE, fixtureRoot } from './fixture.ts';

let issuer: TestIssuer;
const started: RunningHttpService[] = [];

beforeAll(async () => {
  issuer = await startIssuer();
});
afterAll(async () => {
  await Promise.all(started.map((service) => service.stop().catch(() => {})));
  await issuer.close();
});

async function start(env: Record<string, string> = {}): Promise<RunningHttpService> {
  const { root } = fixtureRoot({ MCP_AUTH_ISSUER: issuer.url, ...env });
  const service = await startHttp(root);
  started.push(service);
  return service;
}

const token = () =>
  issuer.token({ audience: AUDIENCE, scopes: [], tenant: 'acme', subject: 'ada', client: 'tests' });

describe('an HTTP service', () => {
  it('listens on this machine only unless told', async () => {
    const service = await start();
    expect(service.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/mcp$/);
  });

  it('offers health_check and config://server-settings', async () => {
    const service = await start();
    const client = await connectModern(service.url, await token());
    const health = await client.callTool('health_check', {});
    expect(health.structuredContent).toMatchObject({ status: 'ok', service: 'fixture', version: '1.2.3' });
    const [contents] = await client.readResource('config://server-settings');
    const settings = JSON.parse(contents!.text!) as { settings: { name: string; value: unknown }[] };
    expect(settings.settings).toContainEqual(
      expect.objectContaining({ name: 'MCP_TRANSPORT', value: 'http' }),
    );
    await client.close();
  });

  it('serves health, metrics and RFC 9728 metadata beside the endpoint', async () => {
    const { origin } = new URL((await start()).url);
    for (const path of ['/health', '/health/live', '/health/ready', '/metrics']) {
      expect([path, (await fetch(origin + path)).status]).toEqual([path, 200]);
    }
    for (const path of [
      '/.well-known/oauth-protected-resource',
      '/.well-known/oauth-protected-resource/mcp',
    ]) {
      const metadata = await fetch(origin + path);
      expect(await metadata.json()).toMatchObject({
        resource: AUDIENCE,
        authorization_servers: [issuer.url],
      });
    }
    for (const path of ['/nothing', '/.well-known/oauth-protected-resource/other']) {
      expect((await fetch(origin + path)).status).toBe(404);
    }
  });

  it('does not start over HTTP without an issuer', async () => {
    const { root } = fixtureRoot({});
    await expect(startHttp(root)).rejects.toThrow(/MCP_AUTH_ISSUER/);
  });

  it('stops gracefully: not ready, calls in flight finish, then the port is closed', async () => {
    const service = await start({ MCP_SHUTDOWN_DELAY_MS: '300' });
    const { origin } = new URL(service.url);
    const client = await connectModern(service.url, await token());
    const running = client.callTool('wait_bit', { ms: 600 });
    await waitFor(() => service.app.get(InFlight).size > 0);
    const stopped = service.stop();
    await waitFor(async () => (await fetch(`${origin}/health/ready`)).status === 503);
    expect((await fetch(`${origin}/health/live`)).status).toBe(200);
    expect((await running).structuredContent).toEqual({ waited: true });
    await stopped;
    await expect(fetch(`${origin}/health/live`)).rejects.toThrow();
    await client.close().catch(() => {});
  });

  it('ends calls that do not finish in time with a retryable error', async () => {
    const service = await start({ MCP_SHUTDOWN_TIMEOUT_MS: '200' });
    const client = await connectModern(service.url, await token());
    const running = client.callTool('wait_bit', { ms: 4_000 });
    await waitFor(() => service.app.get(InFlight).size > 0);
    await service.stop();
    expect((await running).structuredContent).toMatchObject({
      code: 'dependency_unavailable',
      retryable: true,
    });
    await client.close().catch(() => {});
  });
});
