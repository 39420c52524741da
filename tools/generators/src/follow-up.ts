import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** A program that makes files of what a generator has written. */
export interface Step {
  readonly title: string;
  /** Arguments of Node. */
  readonly args: readonly string[];
  /** Relative to the root of the repository. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** The snapshot in `contract/` of a service. Fails if the contract does not keep the rules. */
export function contractSnapshot(service: string): Step {
  return {
    title: `apps/${service}/contract`,
    args: ['../../node_modules/jest/bin/jest.js', 'test/contract.spec.ts', '--no-coverage'],
    cwd: `apps/${service}`,
    env: {
      UPDATE_CONTRACT: '1',
      NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning',
    },
  };
}

/** Pages about all services. They are made of the snapshots. */
export const reference: Step = {
  title: 'docs/reference',
  args: ['--conditions=@gantry/source', 'tools/contract/src/main.ts', 'docs'],
};

/** Dashboards and alert rules of all services. */
export const dashboards: Step = {
  title: 'deploy/observability',
  args: ['--conditions=@gantry/source', 'tools/dashboards/src/main.ts'],
};

/** The parts of charts that follow from settings and alert rules. */
export const charts: Step = {
  title: 'deploy/charts',
  args: ['--import', '@gantry/testing/typescript', 'tools/charts/src/main.ts', 'write'],
};

/** Runs them one after the other; the first that fails ends it. */
export function follow(root: string, steps: readonly Step[]): void {
  for (const { title, args, cwd = '.', env } of steps) {
    process.stdout.write(`MAKE ${title}\n`);
    const options = { cwd: join(root, cwd), env: { ...process.env, ...env }, encoding: 'utf8' } as const;
    const { status, stdout, stderr } = spawnSync(process.execPath, args, options);
    if (status !== 0) throw new Error(`${title} could not be made.\n\n${stdout}${stderr}`);
  }
}
