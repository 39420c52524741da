import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { globSync } from 'node:fs';
import { dirname } from 'node:path';
import { startTestPostgres, type TestPostgres } from '@gantry/testing/postgres';
import { report } from './report.ts';
import { totalsOf } from './totals.ts';

/**
 * Runs Nx targets over all projects, with one Postgres for all of their tests, and reports. With NX_BASE, which
 * Nx itself goes by, over the projects that are affected by what has changed since.
 *
 *   node --conditions=@gantry/source tools/ci/src/test.ts lint typecheck test [-- arguments for the targets]
 */
const [targets, extra] = splitAt(process.argv.slice(2), '--');

if (targets.includes('typecheck')) compileAll();
const postgres = targets.includes('test') ? await startPostgres() : undefined;
if (postgres) console.log(postgres.description);
const lintsAtOnce = targets.includes('lint') && process.env['CI'] && !process.env['NX_BASE'];
const linted = lintsAtOnce ? lintAll() : Promise.resolve(0);
const tested = await nx(lintsAtOnce ? targets.filter((target) => target !== 'lint') : targets, postgres);
const exitCode = Math.max(tested.exitCode, await linted);
await postgres?.stop();

process.stdout.write(
  report({ targets, totals: totalsOf(tested.output), exitCode, postgres: postgres?.description }),
);
process.exit(exitCode);

/**
 * One compiler for everything, ahead of Nx: its compilers, one per project, then find nothing left to do, and do
 * not get into each other's way. What is wrong is reported there, project by project.
 */
function compileAll(): void {
  const configs = globSync('{apps,libs,tools}/*/tsconfig.json');
  spawnSync('tsc', ['--build', ...configs], { stdio: 'ignore' });
}

/**
 * Where nothing is cached, one ESLint for everything takes a third of the time of one per project, each of which reads
 * the sources of all that it depends on. What is wrong is reported as soon as it has ended.
 */
async function lintAll(): Promise<number> {
  const folders = globSync('{apps,libs,tools,examples}/*/package.json').map(dirname);
  const eslint = spawn('eslint', [...folders, '--max-warnings', '0'], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, NX_DAEMON: 'false', NODE_OPTIONS: '--max-old-space-size=8192' },
  });
  const [code] = (await once(eslint, 'close')) as [number | null];
  console.log(code === 0 ? 'lint: nothing found' : `lint: failed (${code})`);
  return code ?? 1;
}

async function startPostgres(): Promise<TestPostgres> {
  try {
    return await startTestPostgres();
  } catch (error) {
    console.error((error as Error).message);
    if (process.env['GANTRY_REQUIRE_CONTAINERS'] === '1') {
      console.error(
        'GANTRY_REQUIRE_CONTAINERS=1 makes a container mandatory. Start a Docker engine, or unset it.',
      );
    }
    console.log('\n0 passed, 1 failed');
    process.exit(1);
  }
}

async function nx(
  wanted: readonly string[],
  server: TestPostgres | undefined,
): Promise<{ exitCode: number; output: string }> {
  const scope = process.env['NX_BASE'] ? 'affected' : 'run-many';
  const args = [scope, '-t', ...wanted, '--parallel=2', '--output-style=static'];
  const child = spawn('nx', extra.length > 0 ? [...args, '--', ...extra] : args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      NX_DAEMON: 'false',
      ...(server && {
        GANTRY_TEST_POSTGRES_URL: server.url,
        // Nx keeps results per engine: a run on the embedded server is no proof for containers.
        GANTRY_TEST_ENGINE: server.description.startsWith('Postgres: embedded') ? 'embedded' : 'container',
      }),
    },
  });
  // Ctrl-C reaches Nx too; what was started here is stopped when Nx has ended.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  let output = '';
  for (const [stream, terminal] of [
    [child.stdout, process.stdout],
    [child.stderr, process.stderr],
  ] as const) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      terminal.write(chunk);
    });
  }
  const [code] = (await once(child, 'close')) as [number | null];
  return { exitCode: code ?? 1, output };
}

function splitAt(list: readonly string[], separator: string): [string[], string[]] {
  const index = list.indexOf(separator);
  return index === -1 ? [[...list], []] : [list.slice(0, index), list.slice(index + 1)];
}
