import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { build } from './build.ts';
import { FAULTS } from './faults/index.ts';
import { Fleet } from './fleet/fleet.ts';
import type { Service } from './fleet/service.ts';
import type { Story } from './invariants/violations.ts';
import type { Readers } from './invariants/world.ts';
import { LoadFigures } from './load/load-figures.ts';
import { openShop, PIECES } from './load/open-shop.ts';
import { PatientClient, type Target } from './load/patient-client.ts';
import { makePlans } from './load/plans.ts';
import { details, table } from './report.ts';
import { playRound, type RoundResult } from './round.ts';

/**
 * Lets clients have orders paid while things go wrong, and checks afterwards that nothing was lost or doubled.
 *
 *   node --conditions=@gantry/source --import @gantry/testing/typescript tools/chaos/src/main.ts --orders 300
 */
const { values } = parseArgs({
  options: { orders: { type: 'string', default: '300' }, fault: { type: 'string', multiple: true } },
});
const orders = Number(values.orders);
if (!Number.isInteger(orders) || orders < 1) fail(`--orders must be a whole number, not ${values.orders}.`);
const names = values.fault ?? FAULTS.map(({ name }) => name);
const faults = names.map((name) => FAULTS.find((fault) => fault.name === name) ?? fail(unknownFault(name)));

build();
process.exitCode = (await run()) ? 0 : 1;

async function run(): Promise<boolean> {
  console.log('Starting two replicas each of orders, payments and records …');
  const fleet = await Fleet.start();
  try {
    console.log(fleet.description);
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => void fleet.close().finally(() => process.exit(130)));
    const results = await playAll(fleet);
    console.log(`\n${table(results)}\n\n${results.map(details).join('\n')}\n`);
    return results.every(({ violations, strikes }) => violations.length === 0 && strikes.length > 0);
  } finally {
    await fleet.close();
  }
}

async function playAll(fleet: Fleet): Promise<RoundResult[]> {
  const clerk = await target(fleet, fleet.orders, ['orders:admin']);
  const readers: Readers = {
    orders: new PatientClient(clerk, new LoadFigures()),
    payments: reader(await target(fleet, fleet.payments, ['payments:read'])),
    records: reader(await target(fleet, fleet.records, ['records:read'])),
  };
  const customerId = await openShop(readers.orders);
  const results: RoundResult[] = [];
  let before: Story = { plans: [], acknowledged: [], pieces: PIECES };
  for (const fault of faults) {
    if (fault.isPossible?.(fleet) === false) {
      console.log(`${fault.name}: SKIPPED, this machine has not what it takes.`);
      continue;
    }
    console.log(`${fault.name}: ${orders} orders are paid, and some are not …`);
    const plans = makePlans(fault.name, orders);
    const result = await playRound({ fleet, fault, plans, clerk, customerId, readers, before });
    results.push(result);
    before = result.story;
  }
  return results;
}

async function target(fleet: Fleet, service: Service, scopes: string[]): Promise<Target> {
  const deadlines = deadlinesOf(service.name);
  const token = await fleet.token(service, scopes);
  return { url: service.url, token, deadlineOf: (tool) => deadlines.get(tool)! };
}

function reader(of: Target): PatientClient {
  return new PatientClient(of, new LoadFigures());
}

/** As the service promises them. */
function deadlinesOf(service: string): ReadonlyMap<string, number> {
  const contract = new URL(`../../../apps/${service}/contract/tools.json`, import.meta.url);
  const { tools } = JSON.parse(readFileSync(contract, 'utf8')) as {
    tools: { name: string; limits: { deadlineMs: number } }[];
  };
  return new Map(tools.map(({ name, limits }) => [name, limits.deadlineMs]));
}

function unknownFault(name: string): string {
  return `There is no fault '${name}'; there are: ${FAULTS.map((fault) => fault.name).join(', ')}.`;
}

function fail(message: string): never {
  console.error(message);
  process.exit(2);
}
