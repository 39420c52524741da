import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  connectModern,
  connectStdio,
  freePort,
  spawnService,
  startIssuer,
  type McpClient,
  type SpawnedService,
  type TestIssuer,
} from '@gantry/testing';
import { fileURLToPath } from 'node:url';

// Starting a process compiles its sources.
jest.setTimeout(60_000);

const AUDIENCE = 'http://host.example/mcp';
const PLUGIN = '@gantry/example-plugin';
const args = [
  '--conditions=@gantry/source',
  '--import=@gantry/testing/typescript',
  fileURLToPath(new URL('./host.ts', import.meta.url)),
];

let issuer: TestIssuer;
let service: SpawnedService;
let url: string;
let client: McpClient;

beforeAll(async () => {
  issuer = await startIssuer();
  const port = await freePort();
  url = `http://127.0.0.1:${port}/mcp`;
  service = await spawnService(process.execPath, args, {
    env: {
      MCP_PLUGINS: PLUGIN,
      MCP_CHECKS_IBAN_COUNTRIES: 'DE,NL',
      MCP_PORT: String(port),
      MCP_AUTH_ISSUER: issuer.url,
      MCP_AUTH_AUDIENCE: AUDIENCE,
    },
    ready: `http://127.0.0.1:${port}/health/ready`,
    readyWithinMs: 50_000,
  });
  client = await connectModern(url, await issuer.token({ audience: AUDIENCE, tenant: 'acme' }));
});
afterAll(async () => {
  await client?.close();
  await service?.stop();
  await issuer?.close();
});

describe('the plugin, in a service', () => {
  it('adds its tool to those of the service', async () => {
    expect((await client.listTools()).map(({ name }) => name)).toEqual(['check_iban', 'health_check']);
  });

  it('checks IBANs, of the countries that the operator accepts', async () => {
    const check = async (iban: string) => (await client.callTool('check_iban', { iban })).structuredContent;
    expect(await check('DE89 3704 0044 0532 0130 00')).toEqual({
      valid: true,
      iban: 'DE89370400440532013000',
      country: 'DE',
    });
    expect(await check('DE89 3704 0044 0532 0130 01')).toMatchObject({
      valid: false,
      problem: 'wrong_check_digits',
    });
    expect(await check('FR1420041010050500013M02606')).toMatchObject({ problem: 'country_not_accepted' });
  });

  it('says which countries are accepted', async () => {
    const [countries] = await client.readResource('checks://iban-countries');
    expect(JSON.parse(countries!.text!)).toEqual({ DE: 22, NL: 18 });
  });

  it('is called through the pipeline of the service: token, input, limit', async () => {
    await expect(connectModern(url, 'no token')).rejects.toThrow();
    const refused = await client.callTool('check_iban', { iban: 1 });
    expect(refused.structuredContent).toMatchObject({ code: 'validation_error' });
    const eager = await connectModern(
      url,
      await issuer.token({ audience: AUDIENCE, tenant: 'acme', subject: 'eager' }),
    );
    const codes = new Set<unknown>();
    for (let wave = 0; wave < 20 && !codes.has('rate_limited'); wave++) {
      const answers = await Promise.all(
        Array.from({ length: 40 }, () => eager.callTool('check_iban', { iban: 'NL91' })),
      );
      for (const { structuredContent } of answers) codes.add(structuredContent?.['code']);
    }
    await eager.close();
    expect([...codes]).toEqual([undefined, 'rate_limited']);
  });

  it('is in the log and among the settings', async () => {
    const loaded = service.stderr.split('\n').find((line) => line.includes('"plugin loaded"'));
    expect(JSON.parse(loaded!)).toMatchObject({
      plugin: PLUGIN,
      plugin_version: '0.1.0',
      tools: ['check_iban'],
    });
    const [settings] = await client.readResource('config://server-settings');
    expect(JSON.parse(settings!.text!)).toMatchObject({ plugins: [{ name: PLUGIN, version: '0.1.0' }] });
  });

  it('works over stdio too', async () => {
    const local = await connectStdio({
      command: process.execPath,
      args,
      env: {
        MCP_PLUGINS: PLUGIN,
        MCP_TRANSPORT: 'stdio',
        MCP_STDIO_TENANT: 'acme',
        MCP_STDIO_SCOPES: 'any:read',
      },
    });
    const { structuredContent } = await local.callTool('check_iban', { iban: 'NL91 ABNA 0417 1643 00' });
    await local.close();
    expect(structuredContent).toMatchObject({ valid: true, country: 'NL' });
  });

  it('keeps the service from starting with a setting that is wrong', async () => {
    const start = spawnService(process.execPath, args, {
      env: { MCP_PLUGINS: PLUGIN, MCP_CHECKS_IBAN_COUNTRIES: 'DE,US' },
    });
    const { exited } = await start;
    expect(await exited).toEqual({ code: 78, signal: null });
    expect((await start).stderr).toContain('MCP_CHECKS_IBAN_COUNTRIES');
    expect((await start).stderr).toContain('is not a country that uses IBANs');
  });
});
