import { readFileSync } from 'node:fs';
import type { Fault } from './faults/fault.ts';
import type { Fleet } from './fleet/fleet.ts';
import type { Service } from './fleet/service.ts';
import { Access } from './fleet/tokens.ts';
import type { Story } from './invariants/violations.ts';
import type { Readers } from './invariants/world.ts';
import { LoadFigures } from './load/load-figures.ts';
import { openShop, PIECES } from './load/open-shop.ts';
import { PatientClient, type Target } from './load/patient-client.ts';
import { rowOf, type Row } from './report/report.ts';
import { playRound } from './round.ts';

/** How much is done, at least, while each fault strikes. */
export interface Effort {
  /** That are paid. */
  readonly orders: number;
  readonly strikes: number;
}

/** Plays a round for each fault that this machine has what it takes for, all in one shop. */
export async function playAll(
  fleet: Fleet,
  faults: readonly Fault[],
  effort: Effort,
): Promise<{ rows: Row[]; skipped: string[] }> {
  const clerk = target(fleet, fleet.orders, ['orders:admin']);
  const readers: Readers = {
    orders: new PatientClient(clerk, new LoadFigures()),
    payments: reader(target(fleet, fleet.payments, ['payments:read'])),
    records: reader(target(fleet, fleet.records, ['records:read'])),
  };
  const customerId = await openShop(readers.orders);
  const rows: Row[] = [];
  const skipped: string[] = [];
  let before: Story = { plans: [], acknowledged: [], pieces: PIECES };
  for (const fault of faults) {
    if (fault.isPossible?.(fleet) === false) {
      console.log(`${fault.name}: SKIPPED, this machine has not what it takes.`);
      skipped.push(fault.name);
      continue;
    }
    const { orders } = effort;
    const strikes = Math.max(effort.strikes, fault.ways ?? 1);
    console.log(`${fault.name}: until ${orders} orders are paid and it has struck ${strikes} times …`);
    const result = await playRound({ fleet, fault, orders, strikes, clerk, customerId, readers, before });
    rows.push(rowOf(result));
    before = result.story;
  }
  return { rows, skipped };
}

function target({ tokens }: Fleet, { name, url }: Service, scopes: string[]): Target {
  const deadlines = deadlinesOf(name);
  return { url, access: new Access(tokens, url, scopes), deadlineOf: (tool) => deadlines.get(tool)! };
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
