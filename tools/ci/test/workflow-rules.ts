import { parse } from 'yaml';

interface Step {
  readonly id?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly 'timeout-minutes'?: number;
  readonly steps?: readonly Step[];
}

interface Workflow {
  readonly on: string | readonly string[] | Readonly<Record<string, unknown>>;
  readonly permissions?: Readonly<Record<string, string>> | string;
  readonly concurrency?: unknown;
  readonly defaults?: { readonly run?: { readonly shell?: string } };
  readonly jobs: Readonly<Record<string, Job>>;
  /** In a composite action, instead of jobs. */
  readonly runs?: { readonly steps: readonly Step[] };
}

/** They run with the repository's rights on what a stranger proposes. */
const DANGEROUS = ['pull_request_target', 'workflow_run'];

/** Which of our rules a workflow breaks, one line each. */
export function brokenRules(source: string): string[] {
  const workflow = parse(source) as Workflow;
  const { on, permissions, concurrency, defaults, jobs } = workflow;
  const triggers = typeof on === 'string' ? [on] : Array.isArray(on) ? on : Object.keys(on);
  return [
    ...triggers.filter((trigger) => DANGEROUS.includes(trigger)).map((trigger) => `is run by ${trigger}`),
    ...(permissions === undefined ? ['leaves the permissions of its jobs to the repository'] : []),
    ...(Object.values(permissions ?? {}).includes('write') || typeof permissions === 'string'
      ? ['gives rights to all jobs that one of them needs']
      : []),
    ...(concurrency === undefined ? ['does not say what happens if it is running already'] : []),
    ...(defaults?.run?.shell === 'bash' ? [] : ['goes on after a failure inside a pipe']),
    ...Object.entries(jobs)
      .filter(([, job]) => job['timeout-minutes'] === undefined)
      .map(([name]) => `${name} may run for six hours`),
    ...Object.values(jobs).flatMap((job) => brokenBySteps(job.steps ?? [])),
    ...brokenBySource(source),
  ];
}

/** The same for a composite action, which has no rights and no time of its own. */
export function brokenRulesOfAction(source: string): string[] {
  return [...brokenBySteps((parse(source) as Workflow).runs?.steps ?? []), ...brokenBySource(source)];
}

/** The scripts of a workflow or an action, by the ids of their steps or else their place. */
export function scripts(source: string): Map<string, string> {
  const { jobs, runs } = parse(source) as Partial<Workflow>;
  const steps = [...Object.values(jobs ?? {}).flatMap((job) => job.steps ?? []), ...(runs?.steps ?? [])];
  return new Map(
    steps.flatMap(({ id, run }, index) => (run === undefined ? [] : [[id ?? `step ${index + 1}`, run]])),
  );
}

/** The `make` targets that the workflow or action calls. */
export function makeTargets(source: string): string[] {
  return [...scripts(source).values()]
    .flatMap((script) => script.split('\n'))
    .flatMap(
      (line) => /\bmake (?:--silent )?(?<words>[a-z0-9 -]+)/.exec(line)?.groups?.['words']?.split(' ') ?? [],
    )
    .filter((word) => /^[a-z]/.test(word));
}

function brokenBySteps(steps: readonly Step[]): string[] {
  return steps.flatMap((step) => [
    // Also where the value is harmless today: it stands in a shell script as if somebody had typed it there.
    ...(step.run?.includes('${{') ? [`puts an expression into a script: ${step.run.trim()}`] : []),
    ...(step.uses?.startsWith('actions/checkout@') && step.with?.['persist-credentials'] !== false
      ? ['leaves its token in the checkout, for every program that runs there']
      : []),
  ]);
}

function brokenBySource(source: string): string[] {
  const uses = [...source.matchAll(/^\s*(?:- )?uses: (?<action>\S.*)$/gm)].map(
    (use) => use.groups?.['action'] ?? '',
  );
  return [
    ...uses
      .filter((action) => !action.startsWith('./') && !/^\S+@[\da-f]{40} # v\d+\.\d+\.\d+$/.test(action))
      .map((action) => `does not pin ${action} to a commit, with its version as a comment`),
    ...(/\bsecrets\./.test(source) ? ['reads a secret that outlives the run'] : []),
  ];
}
