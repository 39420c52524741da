import { spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline/promises';
import { chartNamed, ChartError } from './folders.ts';
import { helmProgram, StagedCharts } from './helm.ts';

/** What `make deploy` was called with. */
export interface Deployment {
  readonly service: string | undefined;
  /** Path of the values file. */
  readonly values: string | undefined;
  /** Without it, that of the current context. */
  readonly namespace?: string;
}

/** Installs or upgrades a service in the current context of kubectl, after having said which that is. */
export async function deploy({ service, values, namespace }: Deployment): Promise<void> {
  const chart = chartNamed(service);
  if (!values)
    throw new ChartError(`Say with which values: make deploy SERVICE=${chart} VALUES=${chart}.yaml`);
  process.stdout.write(`${chart} → ${currentContext()}${namespace ? `, namespace ${namespace}` : ''}\n`);
  if (process.stdin.isTTY && !(await isConfirmed())) throw new ChartError('Nothing was changed.');
  using charts = new StagedCharts([chart]);
  const args = [
    ['upgrade', '--install', chart, charts.path(chart)],
    ['--values', values],
    namespace ? ['--namespace', namespace] : [],
    // Longer than migrations may take.
    ['--wait', '--timeout', '10m'],
  ].flat();
  const { status } = spawnSync(helmProgram(), args, { stdio: 'inherit' });
  if (status !== 0) throw new ChartError(`${chart} was not deployed.`);
}

function currentContext(): string {
  const { status, stdout } = spawnSync('kubectl', ['config', 'current-context'], { encoding: 'utf8' });
  if (status === 0) return stdout.trim();
  throw new ChartError('kubectl has no current context: kubectl config use-context …');
}

async function isConfirmed(): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question('Deploy there? [y/N] ');
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}
