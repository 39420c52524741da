const SHORTEST = 13;
const LONGEST = 19;

/**
 * Digits, each at most three blanks or dashes after the one before, enough of them for a card number. UUIDs and
 * hexadecimal digests (MD5, SHA-1, SHA-256, trace ids) hold such runs by chance and are captured to be left alone.
 */
const DIGIT_RUNS =
  /((?<![\w-])(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{32})(?![\w-]))|\d(?:[\s\u2010-\u2015-]{0,3}\d){12,}/gi;

/** The text with every card-like number (13 to 19 digits that pass the Luhn check) replaced. */
export function redactCardNumbers(text: string, replacement: string): string {
  return text.replace(DIGIT_RUNS, (run: string, identifier: string | undefined) =>
    identifier === undefined ? replaceCards(run, replacement) : run,
  );
}

/** Is this a string of 13 to 19 digits that passes the Luhn check? */
export function isCardNumber(digits: string): boolean {
  return /^\d{13,19}$/.test(digits) && cardEndsIn([digits], 0).length > 0;
}

/**
 * A run may hold more than the card: "12 4111 1111 1111 1111". So every stretch of whole digit groups is tried,
 * and every group that is part of a card goes.
 */
function replaceCards(run: string, replacement: string): string {
  const parts = run.split(/(\D+)/); // groups at even indexes, what separates them at odd ones
  const groups = parts.filter((_, index) => index % 2 === 0);
  const inCard = new Array<boolean>(groups.length).fill(false);
  for (let first = 0; first < groups.length; first++) {
    for (const last of cardEndsIn(groups, first)) inCard.fill(true, first, last + 1);
  }
  let clean = '';
  for (let index = 0; index < groups.length; index++) {
    if (inCard[index] && inCard[index - 1]) continue;
    const separator = index === 0 ? '' : parts[index * 2 - 1]!;
    clean += separator + (inCard[index] ? replacement : groups[index]!);
  }
  return clean;
}

/** Indexes of the groups at which a card number that begins with group `first` can end. */
function cardEndsIn(groups: readonly string[], first: number): number[] {
  const ends: number[] = [];
  let length = 0;
  // The Luhn check doubles every second digit counted from the last, so both parities are summed up at once.
  const sums = [0, 0];
  for (let index = first; index < groups.length; index++) {
    const group = groups[index]!;
    if (length + group.length > LONGEST) break;
    for (let at = 0; at < group.length; at++, length++) {
      const digit = group.charCodeAt(at) - 48;
      const doubled = digit < 5 ? digit * 2 : digit * 2 - 9;
      sums[length % 2]! += doubled;
      sums[(length + 1) % 2]! += digit;
    }
    if (length >= SHORTEST && sums[length % 2]! % 10 === 0) ends.push(index);
  }
  return ends;
}
