import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runConformance, SUITES, type Suite } from './conformance.ts';
import { authTable, details, isGood, table } from './report.ts';

/**
 * Runs the official conformance suite against fixtures and against the services, and our own checks of authorization.
 *
 *   node --conditions=@gantry/source --import @gantry/testing/typescript tools/conformance/src/main.ts
 *   … --suite auth --suite services
 */
const FILE = fileURLToPath(new URL('../../../dist/conformance.json', import.meta.url));

const { values } = parseArgs({ options: { suite: { type: 'string', multiple: true } } });
const suites = (values.suite ?? SUITES).map(asSuite);

const started = performance.now();
const report = await runConformance(suites, (line) => console.log(line));
const seconds = Math.round((performance.now() - started) / 1_000);
const good = isGood(report);
mkdirSync(dirname(FILE), { recursive: true });
writeFileSync(FILE, `${JSON.stringify({ good, seconds, ...report }, undefined, 2)}\n`);

const parts = [authTable(report), details(report), table(report)].filter(Boolean);
console.log(`\n${parts.join('\n\n')}\n`);
console.log(
  good
    ? `Nothing failed that was not expected. ${seconds} s; more in dist/conformance.json.`
    : `See FAILED and STALE above. ${seconds} s; more in dist/conformance.json.`,
);
process.exitCode = good ? 0 : 1;

function asSuite(name: string): Suite {
  const suite = SUITES.find((known) => known === name);
  if (suite) return suite;
  console.error(`There is no suite '${name}'; there are: ${SUITES.join(', ')}.`);
  process.exit(2);
}
