import { type HonestClient, key, MARKER, REFERENCE, type Plants } from './plant.ts';

const PAYMENTS = 12;
const PERIOD = { from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z' };
const REPORT = 'reporting_category,payment_intent_id,source_id,gross,currency\ncharge,pi_1,ch_1,10.00,eur\n';

/** Payments in all states, reconciliations, and reports that wait for their rest. */
export async function plantPayments(
  attacker: HonestClient,
  colleague: HonestClient,
  victim: HonestClient,
): Promise<Plants> {
  const own = await payments(attacker, 'mine');
  const theirs = await payments(victim, MARKER);
  const upload = async (who: HonestClient) => {
    const part = { ...PERIOD, content: REPORT, last: false, idempotency_key: key() };
    return (await who.call('start_reconciliation', part)).upload!.upload_id;
  };
  const reconcile = (who: HonestClient) =>
    who.operate('start_reconciliation', { ...PERIOD, content: REPORT });
  const { next_cursor: cursor } = await victim.call('list_payments', { limit: 1 });
  return {
    own: {
      payment_id: own.map(({ output }) => output['id']),
      amount: [1, 100, 2_500, 99_999, 100_001],
      currency: ['EUR', 'USD', 'JPY', 'XXX'],
      payment_method: ['pm_card_visa', 'pm_card_visa', 'pm_card_chargeDeclined', 'pm_of_nobody'],
      key: own.map(({ args }) => args['idempotency_key']),
      reference: ['mine', 'other'],
      operation_id: [await reconcile(attacker)],
      upload_id: [await upload(attacker)],
      from: [PERIOD.from],
      to: [PERIOD.to],
      content: [REPORT, REPORT.split('\n')[0]],
      fields: [['id'], ['id', 'state']],
      after: ['0'],
      after_line: ['0'],
      part: [1, 2],
    },
    foreign: {
      payment_id: theirs.map(({ output }) => String(output['id'])),
      key: theirs.map(({ args }) => String(args['idempotency_key'])),
      operation_id: [await reconcile(victim)],
      upload_id: [await upload(victim)],
      reference: [REFERENCE],
    },
    personal: { operation_id: [await reconcile(colleague)], upload_id: [await upload(colleague)] },
    keyed: [
      await victim.keyed('process_payment', payment('his', 300)),
      await colleague.keyed('process_payment', payment('hers', 300)),
    ],
    cursors: [{ tool: 'list_payments', args: { limit: 1 }, cursor: cursor! }],
  };
}

async function payments(client: HonestClient, name: string) {
  const made = [];
  for (let index = 0; index < PAYMENTS; index += 1) {
    const tool = index % 2 === 0 ? 'process_payment' : 'authorize_payment';
    made.push(await client.keyed(tool, payment(name, 1_000 + index)));
  }
  return made;
}

function payment(name: string, amount: number) {
  const reference = name === MARKER ? REFERENCE : name;
  return { amount, currency: 'EUR', payment_method: 'pm_card_visa', description: name, reference };
}
