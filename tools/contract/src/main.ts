import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { diff } from './diff.ts';
import { checkReference, writeReference } from './reference/reference.ts';
import { Repository, UnknownBase } from './repository.ts';

const USAGE = `Usage: node src/main.ts diff [--base REF]   what changed in the contracts; fails on what breaks somebody
       node src/main.ts docs [--check]      writes docs/reference, or says what of it is not up to date
`;

const repository = new Repository(fileURLToPath(new URL('../../..', import.meta.url)));

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { base: { type: 'string' }, check: { type: 'boolean' } },
  });
  const command = positionals.join(' ');
  // A Makefile hands on as nothing what it was not given.
  if (command === 'diff') compare(values.base || undefined);
  else if (command === 'docs') document(values.check ?? false);
  else throw new TypeError(command === '' ? 'Say what to do.' : `There is no command ${command}.`);
} catch (error) {
  if (error instanceof UnknownBase) process.stderr.write(`${error.message}\n`);
  else if (error instanceof TypeError) process.stderr.write(`${error.message}\n${USAGE}`);
  else throw error;
  process.exitCode = 2;
}

function compare(ref: string | undefined): void {
  const { text, isBroken } = diff(repository, ref);
  process.stdout.write(`${text}\n`);
  if (isBroken) process.exitCode = 1;
}

function document(isCheck: boolean): void {
  if (!isCheck) {
    process.stdout.write(`docs/reference: ${writeReference(repository).join(', ')}\n`);
    return;
  }
  const stale = checkReference(repository);
  if (stale.length === 0) return;
  process.stderr.write(
    `docs/reference is not up to date: ${stale.join(', ')}. Run make docs, and commit it.\n`,
  );
  process.exitCode = 1;
}
