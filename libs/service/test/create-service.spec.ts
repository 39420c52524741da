import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { startIssuer, waitFor } from '@gantry/testing';
import { createService } from '../src/index.ts';
import { AUDIENCE, FixtureModule } from './fixture.ts';

const packageJson = new URL('../package.json', import.meta.url);

class Exit extends Error {
  constructor(readonly status: unknown) {
    super(`exit ${String(status)}`);
  }
}

let written: string;
const { env, argv } = process;

beforeEach(() => {
  written = '';
  process.env = { PATH: env['PATH'], MCP_LOG_LEVEL: 'fatal' };
  process.argv = argv.slice(0, 2);
  jest.spyOn(process, 'exit').mockImplementation((status) => {
    throw new Exit(status);
  });
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    written += String(text);
    return true;
  });
});
afterEach(() => {
  jest.restoreAllMocks();
  process.removeAllListeners('SIGTERM');
  process.removeAllListeners('SIGINT');
  process.env = env;
  process.argv = argv;
});

/** Runs until it exits. @returns the first exit status: a caught Exit leads to another. */
async function run(): Promise<unknown> {
  await createService(FixtureModule, packageJson).catch((error: unknown) => {
    if (!(error instanceof Exit)) throw error;
  });
  return jest.mocked(process.exit).mock.calls[0]?.[0];
}

describe('createService', () => {
  it('lists every wrong setting at once and exits with 78', async () => {
    process.env = { ...process.env, MCP_PORT: 'many', MCP_TRANSPRT: 'http' };
    expect(await run()).toBe(78);
    expect(written).toContain('MCP_PORT');
    expect(written).toContain('MCP_TRANSPRT');
  });

  it('says why it could not start and exits with 1', async () => {
    expect(await run()).toBe(1);
    expect(written).toContain('service failed');
    expect(written).toContain('MCP_AUTH_ISSUER');
  });

  it('exits with 0 when told to stop', async () => {
    const issuer = await startIssuer();
    process.env = { ...process.env, MCP_PORT: '0', MCP_AUTH_ISSUER: issuer.url, MCP_AUTH_AUDIENCE: AUDIENCE };
    const exited = run();
    await waitFor(() => process.listenerCount('SIGTERM') > 0);
    process.emit('SIGTERM', 'SIGTERM');
    expect(await exited).toBe(0);
    await issuer.close();
  });

  it('refuses to migrate without a database', async () => {
    process.argv = [...process.argv.slice(0, 2), 'migrate'];
    expect(await run()).toBe(1);
    expect(written).toContain('service failed');
  });
});
