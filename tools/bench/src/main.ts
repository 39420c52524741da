/**
 * Measures Gantry beside its peers.
 *
 *   node --conditions=@gantry/source tools/bench/src/main.ts            all of it: 5 rounds, a million calls; half an hour
 *     --quick                    3 rounds of fewer requests, and not the million calls
 *     --rounds 9                 more of them
 *     --only trivial,startup     some parts
 *     --memory-calls 200000      fewer than a million
 *     --profile gantry:trivial   where the time of one server goes, instead
 *     --write-docs               the figures of the last run into docs/benchmarks.md, instead
 */
// What stands around the servers is written with decorators, which Node does not know by itself.
import '@gantry/testing/typescript';
import { parseOptions, UsageError } from './options.ts';

try {
  const options = parseOptions(process.argv.slice(2));
  if (options.writeDocs) (await import('./report/write-docs.ts')).writeDocs();
  else await (await import('./bench.ts')).bench(options);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
