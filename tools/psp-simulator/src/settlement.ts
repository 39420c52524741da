import type { Books, Effect } from './books.ts';

/** A time span, in ISO 8601: from the first moment on, up to but without the second. Without an end it has none. */
export interface Period {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** A movement of the provider's balance; the amount in Stripe's smallest unit, negative if it goes out. */
interface Movement {
  readonly category: 'charge' | 'partial_capture_reversal' | 'refund' | 'refund_failure';
  readonly amount: number;
}

const COLUMNS = 'created_utc,currency,gross,fee,net,reporting_category,source_id,payment_intent_id';

/** Currencies that Stripe counts whole, and in thousandths; all others in hundredths. */
const WHOLE = new Set('bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf'.split(' '));
const THOUSANDTHS = new Set(['bhd', 'jod', 'kwd', 'omr', 'tnd']);

/**
 * The movements of a period as Stripe reports them: "Itemized balance change from activity", with those of its columns
 * that a reconciliation needs. Oldest first; amounts in major units, with two decimals or three.
 *
 * @throws RangeError if a time of the period is none
 */
export function settlementCsv({ effects, intents }: Books, { from, to }: Period = {}): string {
  const begins = from === undefined ? 0 : secondsOf(from);
  const ends = to === undefined ? Infinity : secondsOf(to);
  const lines = effects
    .filter(({ created }) => created >= begins && created < ends)
    .flatMap((effect) => {
      const held = intents.get(effect.payment_intent)!.amount;
      return movementsOf(effect, held).map((movement) => lineOf(effect, movement));
    });
  return `${[COLUMNS, ...lines].join('\n')}\n`;
}

/** Of money that was held, Stripe books all when it is captured, and gives back at once what was not asked for. */
function movementsOf({ kind, amount }: Effect, held: number): Movement[] {
  if (kind === 'charged') return [{ category: 'charge', amount }];
  if (kind === 'refunded') return [{ category: 'refund', amount: -amount }];
  if (kind === 'refund_failed') return [{ category: 'refund_failure', amount }];
  if (kind !== 'captured') return [];
  const charge: Movement = { category: 'charge', amount: held };
  return amount === held
    ? [charge]
    : [charge, { category: 'partial_capture_reversal', amount: amount - held }];
}

function lineOf({ id, payment_intent, currency, created }: Effect, { category, amount }: Movement): string {
  const gross = major(amount, currency);
  const at = new Date(created * 1000).toISOString().slice(0, 19).replace('T', ' ');
  return [at, currency, gross, '0.00', gross, category, id, payment_intent].join(',');
}

function major(amount: number, currency: string): string {
  const whole = WHOLE.has(currency);
  const decimals = THOUSANDTHS.has(currency) ? 3 : 2;
  const digits = String(Math.abs(amount) * (whole ? 100 : 1)).padStart(decimals + 1, '0');
  return `${amount < 0 ? '-' : ''}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

function secondsOf(time: string): number {
  const milliseconds = Date.parse(time);
  if (Number.isNaN(milliseconds)) throw new RangeError('A period is given by times in ISO 8601.');
  return milliseconds / 1000;
}
