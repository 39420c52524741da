import { readFileSync, statSync, type Stats } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';

/** A larger file is a mistake, not a secret. */
const MAX_BYTES = 64 * 1024;

/** A secret file cannot be used. The message has the path and the reason, nothing of the content. */
export class SecretFileError extends Error {
  override readonly name = 'SecretFileError';
}

/** The text of a secret file without its trailing newline; synchronous, for the start. */
export function readSecretFileSync(path: string): string {
  try {
    assertPlausible(statSync(path));
    return decode(readFileSync(path));
  } catch (error) {
    throw explained(path, error);
  }
}

/** The text of a secret file without its trailing newline; for a running service. */
export async function readSecretFile(path: string): Promise<string> {
  try {
    assertPlausible(await stat(path));
    return decode(await readFile(path));
  } catch (error) {
    throw explained(path, error);
  }
}

function assertPlausible(stats: Stats): void {
  if (!stats.isFile()) throw new SecretFileError('it is not a regular file');
  if (stats.size > MAX_BYTES) throw new SecretFileError(`it is larger than ${MAX_BYTES} bytes`);
}

function decode(bytes: Buffer): string {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new SecretFileError('it is not UTF-8 text');
  }
  const value = text.replace(/[\r\n]+$/, '');
  if (value.trim() === '') throw new SecretFileError('it is empty');
  return value;
}

function explained(path: string, error: unknown): SecretFileError {
  const reason =
    error instanceof SecretFileError ? error.message : ((error as NodeJS.ErrnoException).code ?? 'unknown');
  return new SecretFileError(`cannot be read from "${path}": ${reason}`);
}
