/** A record of a file that an operation did not take. */
export interface Rejection {
  /** Where in the file it begins; the first line is 1. */
  readonly line: number;
  readonly reason: string;
}

const MAX_REASON = 300;

/** Makes a reason text that can be stored, whatever it quotes of the file. */
export function storableReason(reason: string): string {
  const plain = reason.toWellFormed().replace(/[\u0000-\u001f\u007f]/g, '\uFFFD');
  const characters = [...plain.slice(0, 2 * MAX_REASON)];
  const short = characters.length > MAX_REASON ? [...characters.slice(0, MAX_REASON - 1), '…'] : characters;
  return short.join('').toWellFormed();
}
