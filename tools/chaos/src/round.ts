import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from './faults/fault.ts';
import { strikeAgain } from './faults/strike-again.ts';
import type { Fleet } from './fleet/fleet.ts';
import { violations, type Story } from './invariants/violations.ts';
import { lookAtWorld, type Readers } from './invariants/world.ts';
import { LoadFigures } from './load/load-figures.ts';
import { PatientClient, type Target } from './load/patient-client.ts';
import { ENDINGS, makePlan, type Plan } from './load/plans.ts';
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
  /** It goes on until so many orders are paid and the fault has struck so often. */
  readonly orders: number;
  readonly strikes: number;
  readonly clerk: Target;
  readonly customerId: string;
  readonly readers: Readers;
  /** What has happened in rounds before. */
  readonly before: Story;
}

/** What came of it. */
export interface RoundResult {
  readonly fault: Fault;
  readonly figures: LoadFigures;
  /** What the fault hit, once for each time. */
  readonly strikes: readonly string[];
  /** Until the last order was done with. */
  readonly tookMs: number;
  /** From the end of load and faults until everything was as it must be. */
  readonly restMs: number;
  readonly violations: readonly string[];
  readonly story: Story;
}

/** Has orders paid by many clients while a fault strikes, then waits until everything is as it must be. */
export async function playRound(options: RoundOptions): Promise<RoundResult> {
  const { fleet, fault, before } = options;
  const figures = new LoadFigures();
  const strikes: string[] = [];
  const over = new AbortController();
  const start = performance.now();
  let tookMs = 0;
  const [{ plans, acknowledged, failures }] = await Promise.all([
    carryOut(options, figures, strikes, over).finally(() => (tookMs = performance.now() - start)),
    strikeAgain(fault, fleet, over.signal, strikes),
  ]);
  const story: Story = {
    ...before,
    plans: [...before.plans, ...plans],
    acknowledged: [...before.acknowledged, ...acknowledged],
  };
  const rest = performance.now();
  const found = await atRest(options, story);
  return {
    fault,
    figures,
    strikes,
    tookMs,
    restMs: performance.now() - rest,
    violations: [...found, ...failures, ...figures.violations(fault.mayHang)],
    story,
  };
}

/** Clients place one order after the other, until there are enough of them and of strikes; then it is over. */
async function carryOut(
  options: RoundOptions,
  figures: LoadFigures,
  strikes: readonly string[],
  over: AbortController,
) {
  const { fault, orders, clerk, customerId } = options;
  const plans: Plan[] = [];
  const acknowledged: Acknowledgement[] = [];
  const failures: string[] = [];
  let paid = 0;
  const work = async () => {
    const shopper = new Shopper(new PatientClient(clerk, figures), customerId);
    while (paid < orders || strikes.length < options.strikes) {
      const plan = makePlan(fault.name, plans.length);
      plans.push(plan);
      if (ENDINGS[plan.intention].isCharged) paid += 1;
      try {
        acknowledged.push(await shopper.carryOut(plan));
      } catch (error) {
        failures.push(`${plan.reference} (${plan.intention}): ${(error as Error).message}`);
      }
    }
    // What is under way was begun under strikes, and ends without new ones.
    over.abort();
  };
  const telling = setInterval(() => {
    const done = acknowledged.length + failures.length;
    const struck = `${strikes.length} of ${options.strikes} strikes`;
    console.log(`  ${done} orders done, ${struck}, ${figures.repetitions} calls repeated`);
  }, TELL_EVERY_MS);
  await Promise.all(Array.from({ length: CLIENTS }, work)).finally(() => clearInterval(telling));
  return { plans, acknowledged, failures };
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
