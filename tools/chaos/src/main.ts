import { readFileSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { build } from './build.ts';
import { playAll } from './campaign.ts';
import { Fleet } from './fleet/fleet.ts';
import { parseOptions, type Options } from './options.ts';
import { withFigures } from './report/document.ts';
import { machineFacts } from './report/machine.ts';
import { aligned, details, table } from './report/printed.ts';
import { isGood, readReport, REPORT, writeReport } from './report/report.ts';

const DOCUMENT = fileURLToPath(new URL('../../../docs/reliability.md', import.meta.url));
const LOG = fileURLToPath(new URL('../../../dist/chaos.log', import.meta.url));

/**
 * Lets clients have orders paid while things go wrong, and checks afterwards that nothing was lost or doubled.
 *
 *   node --conditions=@gantry/source --import @gantry/testing/typescript tools/chaos/src/main.ts --orders 300
 */
const options = optionsOrExit();
if (options.writeDocs) writeDocs();
else process.exitCode = (await run(options)) ? 0 : 1;

async function run({ faults, orders, strikes }: Options): Promise<boolean> {
  const at = new Date().toISOString();
  const start = performance.now();
  const machine = machineFacts();
  build();
  console.log('Starting two replicas each of orders, payments and records …');
  const fleet = await Fleet.start();
  try {
    console.log(fleet.description);
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => void fleet.close().finally(() => process.exit(130)));
    const { rows, skipped } = await playAll(fleet, faults, { orders, strikes });
    writeReport({
      at,
      machine: { ...machine, servers: fleet.description.replace('\n', '; ') },
      loadAverageAfter: loadavg(),
      orders,
      strikes,
      tookMs: performance.now() - start,
      rows,
      skipped,
    });
    console.log(`\n${aligned(table(rows))}\n\n${rows.map(details).join('\n')}\n\nFigures: ${REPORT}`);
    if (isGood(rows)) return true;
    writeFileSync(LOG, fleet.log);
    console.log(`What the services have logged: ${LOG}`);
    return false;
  } finally {
    await fleet.close();
  }
}

/** Writes the figures of the last run into docs/reliability.md. */
function writeDocs(): void {
  writeFileSync(DOCUMENT, withFigures(readFileSync(DOCUMENT, 'utf8'), readReport()));
  console.log(`Wrote ${DOCUMENT}.`);
}

function optionsOrExit(): Options {
  try {
    return parseOptions(process.argv.slice(2));
  } catch (error) {
    console.error((error as Error).message);
    process.exit(2);
  }
}
