import { hash } from 'node:crypto';

const DIGEST_LENGTH = 43;

/** A value as it is kept: with a digest, so that what has been damaged is noticed. */
export function sealed(value: string): string {
  return `${digest(value)}\n${value}`;
}

/** The value of a stored copy, or `undefined` if that is damaged. */
export function unsealed(copy: string): string | undefined {
  const value = copy.slice(DIGEST_LENGTH + 1);
  return copy.startsWith(`${digest(value)}\n`) ? value : undefined;
}

/** Would what Redis gives back be the same, and not too large? Half of a surrogate pair has no bytes of its own. */
export function canBeKept(value: string, maxBytes: number): boolean {
  return Buffer.byteLength(value) <= maxBytes && value.isWellFormed();
}

function digest(value: string): string {
  return hash('sha256', value, 'base64url');
}
