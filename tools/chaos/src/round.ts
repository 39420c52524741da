import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from './faults/fault.ts';
import type { Fleet } from './fleet/fleet.ts';
import { violations, type Story } from './invariants/violations.ts';
import { lookAtWorld, type Readers } from './invariants/world.ts';
import { LoadFigures } from './load/load-figures.ts';
import { PatientClient, type Target } from './load/patient-client.ts';
import type { Plan } from './load/plans.ts';
import { Shopper, type Acknowledgement } from './load/shopper.ts';

const CLIENTS = 8;
/** How long jobs may take, after the last fault, to finish what calls have left. */
const REST_WITHIN_MS = 120_000;
const LOOK_EVERY_MS = 500;
const TELL_EVERY_MS = 10_000;

/** What a round starts with. */
export interface RoundOptions {
  readonly fleet: Fleet;
  readonly fault: Fault;
  readonly plans: readonly Plan[];
  readonly clerk: Target;
  readonly customerId: string;
  readonly readers: Readers;
  /** What has happened in rounds before. */
  readonly before: Story;
}

/** What came of it. */
export interface RoundResult {
  readonly fault: string;
  readonly figures: LoadFigures;
  /** Where the fault struck, once for each time. */
  readonly strikes: readonly string[];
  /** Until all plans were carried out. */
  readonly tookMs: number;
  /** From the end of load and faults until everything was as it must be. */
  readonly restMs: number;
  readonly violations: readonly string[];
  readonly story: Story;
}

/** Carries out plans with many clients while a fault strikes, then waits until everything is as it must be. */
export async function playRound(options: RoundOptions): Promise<RoundResult> {
  const { fleet, fault, plans, before } = options;
  const figures = new LoadFigures();
  const over = new AbortController();
  const start = performance.now();
  const striking = fault.strike(fleet, over.signal);
  const { acknowledged, failures } = await carryOut(options, figures).finally(() => over.abort());
  const tookMs = performance.now() - start;
  const strikes = await striking;
  const story: Story = {
    ...before,
    plans: [...before.plans, ...plans],
    acknowledged: [...before.acknowledged, ...acknowledged],
  };
  const rest = performance.now();
  const found = await atRest(options, story);
  return {
    fault: fault.name,
    figures,
    strikes,
    tookMs,
    restMs: performance.now() - rest,
    violations: [...found, ...failures, ...figures.unstructured],
    story,
  };
}

/** All clients take the next plan from one queue. */
async function carryOut({ plans, clerk, customerId }: RoundOptions, figures: LoadFigures) {
  const queue = plans.values();
  const acknowledged: Acknowledgement[] = [];
  const failures: string[] = [];
  const work = async () => {
    const shopper = new Shopper(new PatientClient(clerk, figures), customerId);
    for (const plan of queue) {
      try {
        acknowledged.push(await shopper.carryOut(plan));
      } catch (error) {
        failures.push(`${plan.reference} (${plan.intention}): ${(error as Error).message}`);
      }
    }
  };
  const telling = setInterval(() => {
    const done = acknowledged.length + failures.length;
    console.log(`  ${done} of ${plans.length} orders done, ${figures.repetitions} calls repeated`);
  }, TELL_EVERY_MS);
  await Promise.all(Array.from({ length: CLIENTS }, work)).finally(() => clearInterval(telling));
  return { acknowledged, failures };
}

/** What is still wrong when jobs have had their time. */
async function atRest({ fleet, readers }: RoundOptions, story: Story): Promise<string[]> {
  const giveUpAt = performance.now() + REST_WITHIN_MS;
  for (;;) {
    const found = violations(story, await lookAtWorld(fleet, readers));
    if (found.length === 0 || performance.now() > giveUpAt) return found;
    await sleep(LOOK_EVERY_MS);
  }
}
