import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer, PatientClient } from './patient-client.ts';
import { PRICES } from './plans.ts';

/** Pieces of each product: more than all rounds together sell. */
export const PIECES = 100_000;

/** Makes the products, with stock, and one customer. Resolves with the customer's id. */
export async function openShop(client: PatientClient): Promise<string> {
  const rows = Object.entries(PRICES).map(
    ([sku, cents]) => `${sku},Product ${sku},${(cents / 100).toFixed(2)},EUR`,
  );
  await imported(client, ['sku,name,unit_price,currency', ...rows].join('\n'));
  for (const sku of Object.keys(PRICES))
    outputOf(
      await client.call({
        name: 'restock_product',
        args: { product: sku, quantity: PIECES, idempotency_key: `restock-${sku}` },
      }),
    );
  const customer = { name: 'Ada Chaos', email: 'ada@example.com', idempotency_key: 'the-customer' };
  return outputOf(await client.call({ name: 'create_customer', args: customer }))['id'] as string;
}

async function imported(client: PatientClient, content: string): Promise<void> {
  const args = { kind: 'products', format: 'csv', content, idempotency_key: 'the-products' };
  const { operation } = outputOf(await client.call({ name: 'import_catalogue', args })) as {
    operation: { operation_id: string };
  };
  for (;;) {
    const check = { name: 'check_operation_status', args: { operation_id: operation.operation_id } };
    const { status } = outputOf(await client.call(check));
    if (status === 'succeeded') return;
    if (status !== 'queued' && status !== 'running')
      throw new Error(`The import of products is ${String(status)}.`);
    await sleep(100);
  }
}

function outputOf({ output, error }: Answer): Readonly<Record<string, unknown>> {
  if (error) throw new Error(JSON.stringify(error));
  return output;
}
