import { execFileSync } from 'node:child_process';
import { parseArgs } from 'node:util';

/**
 * Prints what a change affects, as one line of JSON for the matrices of a workflow:
 *
 *   node tools/ci/src/affected.ts [--base main] [--head HEAD]
 *   {"projects":["chart-records","records",…],"images":["records"],"charts":["chart-records"]}
 *
 * The change is what came after the last commit that `head` and `base` have in common; without `head`, what is
 * not committed belongs to it. Base and head default to NX_BASE and NX_HEAD, which Nx itself goes by. What a
 * change affects is for Nx to know: this only asks, for everything and for what becomes an image or a chart.
 */
const { values } = parseArgs({ options: { base: { type: 'string' }, head: { type: 'string' } } });
const change = Object.entries(values).map(([name, value]) => `--${name}=${value}`);

console.log(
  JSON.stringify({
    projects: affected(),
    images: affected('--withTarget=container'),
    charts: affected('--withTarget=chart'),
  }),
);

function affected(...filter: readonly string[]): string[] {
  const args = ['show', 'projects', '--affected', '--json', ...change, ...filter];
  const answer = execFileSync('nx', args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NX_DAEMON: 'false' },
  });
  return (JSON.parse(answer) as string[]).sort();
}
