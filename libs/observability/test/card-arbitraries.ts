import fc from 'fast-check';

/** The digits with the check digit that makes them pass Luhn, computed by the book. */
export function luhnNumber(payload: string): string {
  const sum = [...payload]
    .reverse()
    .map(Number)
    .map((digit, index) => (index % 2 === 0 ? digit * 2 : digit))
    .reduce((total, value) => total + (value > 9 ? value - 9 : value), 0);
  return payload + String((10 - (sum % 10)) % 10);
}

/** Digits that pass Luhn, 13 to 19 of them. */
export const cards = fc.stringMatching(/^\d{12,18}$/).map(luhnNumber);

/** Card numbers with up to two separators after every digit; `separators` are the characters to choose from. */
export function separated(separators = ' -'): fc.Arbitrary<string> {
  const gap =
    separators === ''
      ? fc.constant('')
      : fc.oneof(
          { arbitrary: fc.constant(''), weight: 3 },
          {
            arbitrary: fc.array(fc.constantFrom(...separators), { maxLength: 2 }).map((gap) => gap.join('')),
            weight: 1,
          },
        );
  return fc
    .tuple(cards, fc.array(gap, { minLength: 18, maxLength: 18 }))
    .map(([card, gaps]) =>
      [...card].map((digit, index) => (index === 0 ? digit : gaps[index - 1]! + digit)).join(''),
    );
}
