import { connectModern, freePort, spawnService, startIssuer } from '@gantry/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packLibraries, type Packed } from '../src/pack.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const EXAMPLE = join(ROOT, 'examples/outside/one-tool-server');

/** For tests alone: they bring a database server along, which no service needs. */
const FOR_TESTS = ['@gantry/testing', '@gantry/dev-postgres'];

const folder = mkdtempSync(join(tmpdir(), 'gantry-packages-'));
const example = join(folder, 'one-tool-server');
let packed: Packed[];

beforeAll(() => {
  packed = packLibraries(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the packed libraries', () => {
  it('are all of them, each with types, sources, README and nothing of its tests', () => {
    expect(packed).toHaveLength(globSync('libs/*/package.json', { cwd: ROOT }).length);
    for (const { name, files } of packed) {
      expect([name, files]).toEqual([
        name,
        expect.arrayContaining(['README.md', 'dist/index.js', 'dist/index.d.ts', 'src/index.ts']),
      ]);
      expect([name, files.filter((file) => /\.spec\.|\/spec\/|tsbuildinfo|^test\//.test(file))]).toEqual([
        name,
        [],
      ]);
    }
  });

  it('bring their migrations along', () => {
    for (const migration of globSync('libs/*/migrations/*.sql', { cwd: ROOT })) {
      const [, library, ...path] = migration.split('/');
      const found = packed.find(({ name }) => name === `@gantry/${library}`);
      expect(found?.files).toContain(path.join('/'));
    }
  });

  it('make a server of one tool in fewer than 40 lines', async () => {
    expect(readFileSync(join(EXAMPLE, 'server.ts'), 'utf8').split('\n').length).toBeLessThan(40);
    cpSync(EXAMPLE, example, { recursive: true });
    const tarballs = packed.filter(({ name }) => !FOR_TESTS.includes(name)).map(({ file }) => file);
    run('npm', 'install', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error', ...tarballs);
    run('npm', 'run', 'build');

    const issuer = await startIssuer();
    const port = await freePort();
    const url = `http://127.0.0.1:${port}/mcp`;
    const server = await spawnService(process.execPath, ['dist/server.js'], {
      cwd: example,
      env: {
        NODE_OPTIONS: undefined,
        MCP_PORT: String(port),
        MCP_AUTH_ISSUER: issuer.url,
        MCP_AUTH_AUDIENCE: url,
      },
      ready: `http://127.0.0.1:${port}/health/ready`,
    });
    const token = await issuer.token({ audience: url, scopes: ['greetings:read'], tenant: 'acme' });
    const client = await connectModern(url, token);
    const { structuredContent } = await client.callTool('greet_person', { name: 'Ada' });
    expect(structuredContent).toEqual({ greeting: 'Hello, Ada!' });
    await client.close();
    expect(await server.stop()).toEqual({ code: 0, signal: null });
    await issuer.close();
  });
});

function run(command: string, ...args: string[]): void {
  // As somebody else's shell: without the paths and settings of this workspace's own npm.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_OPTIONS$)/i.test(name)),
  );
  execFileSync(command, args, { cwd: example, env, stdio: ['ignore', 'inherit', 'inherit'] });
}
