/** What the numbers of a card network begin with, as a range of equally long prefixes, and how long they are. */
interface Network {
  readonly from: number;
  readonly to: number;
  readonly lengths: readonly [min: number, max: number];
}

/**
 * The networks that issue cards (ISO/IEC 7812). Without them, one in ten of all long numbers would pass for a card:
 * timestamps, dates in keys, account numbers.
 */
const NETWORKS: readonly Network[] = [
  { from: 1, to: 1, lengths: [15, 15] }, // UATP
  { from: 2131, to: 2131, lengths: [15, 15] }, // JCB
  { from: 1800, to: 1800, lengths: [15, 15] },
  { from: 2200, to: 2205, lengths: [16, 19] }, // Mir, Belkart
  { from: 2221, to: 2720, lengths: [16, 16] }, // Mastercard
  { from: 300, to: 305, lengths: [14, 19] }, // Diners Club
  { from: 3095, to: 3095, lengths: [14, 19] },
  { from: 36, to: 36, lengths: [14, 19] },
  { from: 38, to: 39, lengths: [14, 19] },
  { from: 34, to: 34, lengths: [15, 15] }, // American Express
  { from: 37, to: 37, lengths: [15, 15] },
  { from: 3528, to: 3589, lengths: [16, 19] }, // JCB
  { from: 4, to: 4, lengths: [13, 19] }, // Visa
  { from: 50, to: 50, lengths: [13, 19] }, // Maestro, Dankort, Verve, RuPay
  { from: 51, to: 55, lengths: [16, 16] }, // Mastercard
  { from: 56, to: 59, lengths: [13, 19] }, // Maestro
  { from: 60, to: 69, lengths: [13, 19] }, // Discover, UnionPay, RuPay, Maestro, Elo, Hipercard, Troy
  { from: 81, to: 82, lengths: [14, 19] }, // UnionPay, RuPay
  { from: 9792, to: 9792, lengths: [16, 16] }, // Troy
  { from: 9860, to: 9860, lengths: [16, 16] }, // Humo
];

/** Digits of the longest prefix. */
export const PREFIX_DIGITS = 4;

/** The lengths of the numbers that begin with four digits, a bit for each, so that looking them up costs next to nothing. */
const LENGTHS = new Uint32Array(10 ** PREFIX_DIGITS);
for (const {
  from,
  to,
  lengths: [min, max],
} of NETWORKS) {
  const wide = 10 ** (PREFIX_DIGITS - String(from).length);
  for (let prefix = from * wide; prefix < (to + 1) * wide; prefix++)
    for (let length = min; length <= max; length++) LENGTHS[prefix]! |= 1 << length;
}

/** Least and most digits of a card number. */
export const CARD_DIGITS = { least: 13, most: 19 } as const;

/**
 * Does any network issue numbers of this length that begin with these digits?
 *
 * @param prefix - the first four digits
 */
export function isOfNetwork(prefix: number, length: number): boolean {
  return (LENGTHS[prefix]! & (1 << length)) !== 0;
}
