import { execFileSync, spawnSync } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, connect } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { COMPOSE } from '../compose-file.ts';
import { describeUnless, describeWithDocker } from './docker.ts';

const NO_COMPOSE = 'There is no Compose: install docker-compose-plugin, or docker-compose of Debian.';

/** Compose 2, or what Debian has: version 1.29, which does not know everything that the file says. */
const ENGINES = [['docker', 'compose'], ['docker-compose']] as const;
const engine = ENGINES.find(
  ([command, ...args]) => spawnSync(command, [...args, 'version'], { stdio: 'ignore' }).status === 0,
);
const isOld = engine?.[0] === 'docker-compose';

/** As `describe`, for what needs Docker and Compose. */
export function describeWithCompose(name: string, tests: () => void): void {
  if (engine) describeWithDocker(name, tests);
  else describeUnless(NO_COMPOSE, name, tests);
}

/** The shipped Compose file, in a folder of its own. */
export class ComposeProject {
  private constructor(
    private readonly folder: string,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  /**
   * Copies the folder and makes its secrets.
   *
   * @param override - what the test changes, as a Compose file
   */
  static async prepare(given: Readonly<Record<string, string>>, env: NodeJS.ProcessEnv, override: object) {
    const folder = await mkdtemp(join(tmpdir(), 'gantry-compose-'));
    await cp(COMPOSE, folder, { recursive: true, filter: (path) => !/\/(secrets|tls|\.env)$/.test(path) });
    execFileSync(join(folder, 'make-secrets.sh'));
    for (const [name, value] of Object.entries(given)) await writeFile(join(folder, 'secrets', name), value);
    await cp(join(folder, '.env.example'), join(folder, '.env'));
    if (isOld) await forOldCompose(join(folder, 'compose.yaml'));
    await writeFile(join(folder, 'override.json'), JSON.stringify(override));
    return new ComposeProject(folder, { ...process.env, COMPOSE_PROJECT_NAME: 'gantry-test', ...env });
  }

  run(...args: readonly string[]): string {
    if (!engine) throw new Error(NO_COMPOSE);
    const [command, ...rest] = engine;
    const files = ['--file', 'compose.yaml', '--file', 'override.json'];
    return execFileSync(command, [...rest, ...files, ...args], {
      cwd: this.folder,
      env: this.env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim();
  }

  /** Id of the container of a service. */
  container(service: string): string {
    return this.run('ps', '--all', '--quiet', service);
  }

  /** Where this machine reaches a service. */
  address(service: string): string {
    return this.run('port', service, '7401');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.run('down', '--volumes', '--timeout', '15');
    await rm(this.folder, { recursive: true });
  }
}

async function forOldCompose(path: string): Promise<void> {
  const text = await readFile(path, 'utf8');
  await writeFile(path, text.replace(/^name: .*$/m, '').replaceAll(', restart: true', ''));
}

/** A port of this machine that containers reach as well, and that leads to one of its loopback. */
export async function openToContainers(port: number) {
  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1');
    client.pipe(upstream).pipe(client);
    for (const socket of [client, upstream]) socket.on('error', () => client.destroy());
  });
  server.listen(0, '0.0.0.0');
  await once(server, 'listening');
  const { port: opened } = server.address() as { port: number };
  return { port: opened, close: () => server.close() };
}
