import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connectModern, startIssuer } from '@gantry/testing';
import { startHttp } from '../src/index.ts';
import { loadPlugins } from '../src/plugins/load-plugins.ts';
import { AUDIENCE, fixtureRoot, fixtureService } from './fixture.ts';
import { useServiceRun } from './run-service.ts';

const packageJson = new URL('../package.json', import.meta.url);
const service = useServiceRun();

/** The path of a plugin in test/plugins. */
const at = (name: string) => fileURLToPath(new URL(`./plugins/${name}.ts`, import.meta.url));

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gantry-plugins-'));
});
afterAll(() => rm(directory, { recursive: true }));

describe('plugins', () => {
  it.each([
    ['an absolute path', at('good')],
    ['a file URL', `file://${at('good')}`],
    ['a path from here', `./${relative(process.cwd(), at('good'))}`],
  ])('are loaded by %s', async (_, name) => {
    const { all } = await loadPlugins(fixtureService, packageJson, { MCP_PLUGINS: name });
    expect(all).toMatchObject([{ name, version: undefined }]);
    expect(all[0]!.offer.tools.map((tool) => tool.name).sort()).toEqual(['say_more', 'say_name']);
  });

  it('offer tools and resources, and have settings', async () => {
    const issuer = await startIssuer();
    const env = { MCP_PLUGINS: at('good'), MCP_GREETING: 'good morning', MCP_AUTH_ISSUER: issuer.url };
    const plugins = await loadPlugins(fixtureService, packageJson, env);
    const { root, config } = fixtureRoot(env, plugins);
    const running = await startHttp(root);
    const client = await connectModern(
      running.url,
      await issuer.token({ audience: AUDIENCE, tenant: 'acme' }),
    );
    const { structuredContent } = await client.callTool('say_more', {});
    const [greeting] = await client.readResource('test://greeting');
    const [settings] = await client.readResource('config://server-settings');
    await client.close();
    await running.stop();
    config.close();
    await issuer.close();
    expect(structuredContent).toEqual({ said: 'say_more' });
    expect(greeting!.text).toBe('good morning');
    expect(JSON.parse(settings!.text!)).toMatchObject({
      plugins: [{ name: at('good') }],
      settings: expect.arrayContaining([
        expect.objectContaining({ name: 'MCP_GREETING', value: 'good morning' }),
      ]),
    });
  });
});

describe('a start with a bad plugin ends with status 78 and names the plugin and its fault:', () => {
  it.each([
    ['a package that is not there', '@acme/nothing', 'plugin @acme/nothing is not installed'],
    ['a file that is not there', '/no/such.js', 'plugin /no/such.js does not exist'],
    ['a URL of another machine', 'file://elsewhere/x.js', 'is not the URL of a file on this machine'],
    ['an import that throws', at('throws'), `plugin ${at('throws')} could not be imported: no licence found`],
    ['no descriptor', at('no-descriptor'), `plugin ${at('no-descriptor')} does not describe itself`],
    ['another Gantry', at('other-version'), `is written for Gantry 2.0.0, and this service runs 0.1.0`],
    [
      'the name of a tool of the service',
      at('clashing'),
      `tool health_check of plugin ${at('clashing')} clashes with a tool of the service`,
    ],
    [
      'the URI of a resource of the service',
      at('clashing'),
      `resource config://server-settings of plugin ${at('clashing')} clashes with a resource of the service`,
    ],
    [
      'the name of a setting of the service',
      at('clashing'),
      `setting MCP_PORT of plugin ${at('clashing')} clashes with a setting of the service`,
    ],
    ...[
      ['tool', 'say_name'],
      ['prompt', 'greet'],
      ['resource template', 'test://greetings/{name}'],
    ].map(([kind, name]) => [
      `the name of a ${kind} of another plugin`,
      `${at('good')},${at('clashing')}`,
      `${kind} ${name} of plugin ${at('clashing')} clashes with a ${kind} of plugin ${at('good')}`,
    ]),
    [
      'a contract that breaks the rules',
      at('broken-contract'),
      `tool say_name of plugin ${at('broken-contract')} has a bad contract: input words has no description`,
    ],
    [
      'a contract that has no JSON Schema',
      at('broken-contract'),
      `tool say_date of plugin ${at('broken-contract')} has a contract that cannot be read: `,
    ],
    [
      'the name of a resource of another plugin',
      `${at('good')},${at('malformed')}`,
      `resource name greeting of plugin ${at('malformed')} clashes with a resource name of plugin ${at('good')}.`,
    ],
    [
      'a URI template that is none',
      `${at('good')},${at('malformed')}`,
      `plugin ${at('malformed')}: evil://x/a{b}: a variable must fill a whole path segment.`,
    ],
    [
      'a URI template that matches what another one matches',
      `${at('good')},${at('malformed')}`,
      `plugin ${at('malformed')}: Two resource templates match the same URIs: test://greetings/{name} and test://greetings/{who}.`,
    ],
    [
      'an argument of a prompt that is no string',
      `${at('good')},${at('malformed')}`,
      `plugin ${at('malformed')}: Argument limit of the prompt count_up is not a string; others cannot be sent.`,
    ],
    [
      'too many tools',
      at('many-tools'),
      `a service offers at most 16 tools: this one has 2, plugin ${at('many-tools')} adds 15`,
    ],
    [
      'nothing that can be found',
      at('nothing'),
      `plugin ${at('nothing')} offers no tool, resource or prompt`,
    ],
    ['a stage of the pipeline', at('stage'), `plugin ${at('stage')} provides LetEverybodyInStage`],
    ['a module that comes later', at('late-module'), `has a module that cannot be loaded: [object Promise]`],
    ['the same plugin twice', `${at('good')},${at('good')}`, 'must not name a plugin twice'],
  ])('%s', async (_, names, message) => {
    expect(await service.run({ MCP_PLUGINS: names })).toBe(78);
    expect(service.written).toContain(message);
    expect(service.written).not.toMatch(/^\s+at /m);
  });

  it('a setting that neither the service nor the plugin has', async () => {
    expect(await service.run({ MCP_PLUGINS: at('good'), MCP_GREETNG: 'hi' })).toBe(78);
    expect(service.written).toContain('MCP_GREETNG is not a known variable. Did you mean MCP_GREETING?');
  });

  it('all of them at once, and before a migration too', async () => {
    const names = ['@acme/nothing', at('throws'), at('nothing')];
    expect(await service.run({ MCP_PLUGINS: names.join() }, 'migrate')).toBe(78);
    for (const name of names) expect(service.written).toContain(`plugin ${name} `);
  });

  it('a file that describes nothing, with no package.json anywhere above it', async () => {
    const file = join(directory, 'lone.js');
    await writeFile(file, 'export default 1;');
    expect(await service.run({ MCP_PLUGINS: file })).toBe(78);
    expect(service.written).toContain(`plugin ${file} does not describe itself`);
  });

  it('its own copy of a library that has to be shared', async () => {
    const plugin = join(directory, 'node_modules/@acme/copied');
    const copy = join(plugin, 'node_modules/@gantry/pipeline');
    await mkdir(copy, { recursive: true });
    await cp(new URL('../../pipeline/package.json', import.meta.url), join(copy, 'package.json'));
    const manifest = { type: 'module', exports: './index.js', dependencies: { '@gantry/pipeline': '0.1.0' } };
    await writeFile(join(plugin, 'package.json'), JSON.stringify(manifest));
    await writeFile(join(plugin, 'index.js'), 'export default {};');
    expect(await service.run({ MCP_PLUGINS: join(plugin, 'index.js') })).toBe(78);
    expect(service.written).toContain(
      `brings its own copy of @gantry/pipeline (${join(copy, 'package.json')})`,
    );
  });

  it('a package without a way in', async () => {
    const application = join(directory, 'package.json');
    const plugin = join(directory, 'node_modules/@acme/closed');
    await mkdir(plugin, { recursive: true });
    await writeFile(application, '{}');
    await writeFile(join(plugin, 'package.json'), JSON.stringify({ exports: { './other': './other.js' } }));
    const loading = loadPlugins(fixtureService, new URL(`file://${application}`), {
      MCP_PLUGINS: '@acme/closed',
    });
    await expect(loading).rejects.toThrow('plugin @acme/closed is installed, but there is nothing to import');
  });
});
