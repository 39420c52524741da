import { describe, expect, it } from '@jest/globals';
import { startIssuer, waitFor } from '@gantry/testing';
import { AUDIENCE } from './fixture.ts';
import { useServiceRun } from './run-service.ts';

const service = useServiceRun();

describe('createService', () => {
  it('lists every wrong setting at once and exits with 78', async () => {
    expect(await service.run({ MCP_PORT: 'many', MCP_TRANSPRT: 'http' })).toBe(78);
    expect(service.written).toContain('MCP_PORT');
    expect(service.written).toContain('MCP_TRANSPRT');
  });

  it('says why it could not start and exits with 1', async () => {
    expect(await service.run()).toBe(1);
    expect(service.written).toContain('service failed');
    expect(service.written).toContain('MCP_AUTH_ISSUER');
  });

  it('exits with 0 when told to stop', async () => {
    const issuer = await startIssuer();
    const exited = service.run({
      MCP_PORT: '0',
      MCP_AUTH_ISSUER: issuer.url,
      MCP_AUTH_AUDIENCE: AUDIENCE,
    });
    await waitFor(() => process.listenerCount('SIGTERM') > 0);
    process.emit('SIGTERM', 'SIGTERM');
    expect(await exited).toBe(0);
    await issuer.close();
  });

  it('refuses to migrate without a database', async () => {
    expect(await service.run({}, 'migrate')).toBe(1);
    expect(service.written).toContain('service failed');
  });
});
