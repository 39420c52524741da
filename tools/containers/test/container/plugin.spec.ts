import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { connectModern } from '@gantry/testing';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildImage } from '../../src/image.ts';
import { ROOT, serviceNamed } from '../../src/workspace.ts';
import { describeWithDocker, docker } from './docker.ts';
import { runImage, type RunningImage } from './running-image.ts';
import { SERVICES } from './services.ts';

const PLUGIN = '@gantry/example-plugin';
const IMAGE = 'gantry-records-with-plugin';

describeWithDocker('an image with a plugin, made as deploy/containers/README.md says', () => {
  let running: RunningImage;

  beforeAll(async () => {
    const context = await mkdtemp(join(tmpdir(), 'gantry-plugin-'));
    const folder = join(context, 'node_modules', PLUGIN);
    await mkdir(folder, { recursive: true });
    // What npm would install of it.
    for (const part of ['package.json', 'dist'])
      await cp(join(ROOT, 'examples/plugin', part), join(folder, part), { recursive: true });
    const records = buildImage(serviceNamed('records'), process.env);
    await writeFile(
      join(context, 'Containerfile'),
      `FROM ${records}\nCOPY node_modules/ /app/node_modules/\n`,
    );
    docker('build', '--quiet', '--file', join(context, 'Containerfile'), '--tag', IMAGE, context);
    await rm(context, { recursive: true });
    const [service] = SERVICES;
    running = await runImage(IMAGE, {
      ...service!,
      settings: { MCP_PLUGINS: PLUGIN, MCP_CHECKS_IBAN_COUNTRIES: 'NL' },
    });
  });
  afterAll(async () => {
    await running?.[Symbol.asyncDispose]();
    docker('image', 'rm', '--force', IMAGE);
  });

  it('offers its tool, which has the settings, the schemas and the pipeline of the service', async () => {
    const client = await connectModern(running.url, await running.token());
    const check = async (args: object) =>
      (await client.callTool('check_iban', { ...args })).structuredContent;
    expect((await client.listTools()).map(({ name }) => name)).toEqual(
      expect.arrayContaining(['check_iban', 'list_records']),
    );
    expect(await check({ iban: 'NL91 ABNA 0417 1643 00' })).toMatchObject({ valid: true, country: 'NL' });
    expect(await check({ iban: 'NO93 8601 1117 947' })).toMatchObject({ problem: 'country_not_accepted' });
    expect(await check({ iban: 1 })).toMatchObject({ code: 'validation_error' });
    await client.close();
  });
});
