import { readFileSync } from 'node:fs';
import type { OperationView } from '@gantry/jobs';
import { waitFor } from '@gantry/testing';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { ended, startReconciliation, type Reconciled } from './reconciling.ts';
import { startReplica, type Replica } from './replica.ts';
import { startPayments, type RunningPayments } from './running-payments.ts';
import { HEADER, seedLedger, type SeededLedger } from './seeded-ledger.ts';

/** A million with RECONCILE_LINES=1000000; then it also says how long it took and how much memory. */
const LINES = Number(process.env['RECONCILE_LINES'] ?? 12_000);
const TELL = process.env['RECONCILE_LINES'] !== undefined;

/** Lines of the report for a payment, on average. */
const LINES_PER_PAYMENT = 1 + 1 / 7 + 1 / 10 + 1 / 100;

/** Lines of the report at most that belong to no payment. */
const MORE_LINES = 10;

/** Heap of a replica: enough to run, small beside a file of a million lines. */
const HEAP_MIB = 192;

jest.setTimeout(1_200_000);

let the: RunningPayments;
let ledger: SeededLedger;
let replicas: Replica[] = [];

beforeAll(async () => {
  // It takes the file and looks after the operation; others run it.
  the = await startPayments({ MCP_OPERATIONS_CONCURRENCY: '0' });
  ledger = await seedLedger(the.database.ownerUrl, Math.floor((LINES - MORE_LINES) / LINES_PER_PAYMENT));
  const env = {
    MCP_OPERATIONS_CONCURRENCY: '1',
    MCP_OPERATIONS_LEASE_SECONDS: '2',
    // Flat memory: a process that held on to what it reads would not get far with this.
    NODE_OPTIONS: `--max-old-space-size=${HEAP_MIB}`,
  };
  replicas = await Promise.all([1, 2, 3].map(() => startReplica(the, env)));
});
afterAll(async () => {
  await Promise.all(replicas.map((replica) => replica.kill()));
  await the?.stop();
});

const check = async ({ operation_id }: OperationView) =>
  (await the.call('check_operation_status', { operation_id })).output as unknown as OperationView;

/** Waits until a reconciliation is beyond a number of lines, then kills the replica that runs it. */
async function killRunner(operation: OperationView, beyond: number): Promise<number> {
  await waitFor(async () => (await check(operation)).progress.done > beyond, 600_000);
  const runner = await waitFor(async () => {
    const active = await Promise.all(replicas.map(isActive));
    return replicas[active.indexOf(true)];
  });
  replicas = replicas.filter((replica) => replica !== runner);
  const memory = TELL ? peakMiB(runner) : 0;
  await runner.kill();
  const { status, progress } = await check(operation);
  expect(status).toBe('running');
  if (TELL) process.stderr.write(`killed at ${progress.done} of ${progress.total}, ${memory} MiB at most\n`);
  return progress.done;
}

async function isActive({ url }: Replica): Promise<boolean> {
  const metrics = await (await fetch(url.replace('/mcp', '/metrics'))).text();
  return /^mcp_operations_active(\{[^}]*\})? 1$/m.test(metrics);
}

/** Resident memory at its most; on Linux. */
function peakMiB({ pid }: Replica): number {
  const [, kib] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))!;
  return Math.round(Number(kib) / 1_024);
}

it('comes to the same though replicas are killed while they read and while they compare', async () => {
  const report = ledger.report.map((lines) => [...lines]);
  // Of some payments, nothing is left; some have another amount; some are only here.
  const [missing, changed, added] = [3, 11, 5];
  for (let n = 0; n < missing; n++) report[n * 13] = [];
  for (let n = 0; n < changed; n++)
    report[n * 13 + 1]![0] = report[n * 13 + 1]![0]!.replace('eur,1', 'eur,9');
  const more = Array.from({ length: added }, (_, n) => `x,usd,1.00,charge,ch_new_${n},pi_new_${n}`);
  const lines = [...report.flat(), ...more, 'x,eur,-1.00,fee,x,', 'x,eur,1.00,charge'];
  const atStart = TELL ? replicas.map(peakMiB) : [];

  const sent = performance.now();
  const operation = await startReconciliation(the, `${[HEADER, ...lines].join('\n')}\n`);
  const begun = performance.now();
  await killRunner(operation, LINES / 4);
  await killRunner(operation, LINES * 1.25);
  const view = await ended(the, operation, { timeoutMs: 900_000 });
  const took = performance.now() - begun;
  const result = view.result as Reconciled;
  expect(view).toMatchObject({ status: 'succeeded' });
  expect(result).toMatchObject({
    lines: lines.length,
    matched: ledger.movements - missing - changed,
    missing_in_ledger: added,
    missing_at_provider: missing,
    different: changed,
    ignored: 1,
    rejected: 1,
  });
  const findings = result.differences.map(({ finding }) => finding);
  expect(findings.slice(0, missing)).toEqual(Array.from({ length: missing }, () => 'missing_at_provider'));
  expect(findings.slice(missing).sort()).toEqual([
    ...Array.from({ length: changed }, () => 'different'),
    ...Array.from({ length: added }, () => 'missing_in_ledger'),
  ]);
  expect(result.sums.find(({ currency }) => currency === 'EUR')).toMatchObject({
    ledger: String(ledger.sum),
  });
  if (TELL) {
    const seconds = (milliseconds: number) => `${(milliseconds / 1_000).toFixed(1)} s`;
    process.stderr.write(
      `${lines.length} lines, ${ledger.movements} movements: sent in ${seconds(begun - sent)}, reconciled in ` +
        `${seconds(took)} (${Math.round((lines.length / took) * 1_000)} lines/s); resident memory of the last replica ` +
        `${atStart.at(-1)} MiB at its start, ${peakMiB(replicas[0]!)} MiB at most\n`,
    );
  }
});
