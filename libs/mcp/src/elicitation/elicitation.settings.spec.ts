import { Config, SigningKeys } from '@gantry/config';
import { describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitFor } from '@gantry/testing';
import { elicitationSettings } from './elicitation.settings.ts';

const load = (env: Record<string, string>) => Config.of([elicitationSettings], env).get(elicitationSettings);

describe('the settings of elicitation', () => {
  it('need nothing', () => {
    expect(load({})).toMatchObject({ stateKeys: undefined, stateSeconds: 600 });
  });

  it.each<Record<string, string>>([
    { MCP_REQUEST_STATE_KEYS: 'short' },
    { MCP_REQUEST_STATE_KEYS: `${'k'.repeat(32)},short` },
    { MCP_REQUEST_STATE_KEYS: Array(9).fill('k'.repeat(32)).join() },
    { MCP_REQUEST_STATE_SECONDS: '0' },
    { MCP_REQUEST_STATE_SECONDS: '86401' },
  ])('refuse %p', (env) => {
    expect(() => load(env)).toThrow(Object.keys(env)[0]);
  });

  it('follow the rotation of the keys', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'state-keys-'));
    const file = join(directory, 'keys');
    await writeFile(file, 'o'.repeat(32));
    const config = Config.of([elicitationSettings], {
      MCP_REQUEST_STATE_KEYS_FILE: file,
      MCP_SECRET_POLL_SECONDS: '1',
    });
    const keys = new SigningKeys(config.get(elicitationSettings).stateKeys);
    const former = keys.first;
    await writeFile(file, `${'n'.repeat(32)}, ${'o'.repeat(32)}`);
    await waitFor(() => keys.all.length === 2, 10_000);
    expect(keys.first.equals(former)).toBe(false);
    expect(keys.all[1]!.equals(former)).toBe(true);
    config.close();
    await rm(directory, { recursive: true });
  });
});
