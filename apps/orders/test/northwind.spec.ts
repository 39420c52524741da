import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { imported } from './imported.ts';
import { Market } from './market.ts';
import { readNorthwind, type NorthwindLine, type NorthwindOrder } from './northwind-files.ts';
import { PatientClient } from './patient-client.ts';
import type { ToolReply } from './raw-call.ts';

/** Fewer with NORTHWIND_ORDERS=30. */
const ORDERS = Number(process.env['NORTHWIND_ORDERS'] ?? Infinity);
const CLIENTS = 8;

// Thousands of calls, each of which calls on, on a machine that may be busy.
jest.setTimeout(3_600_000);

const northwind = readNorthwind();
const orders = northwind?.orders.slice(0, ORDERS) ?? [];
const lines = orders.flatMap((order) => order.lines);

/** Unit price × quantity × (1 − discount), half to even: apart from how the service does it. */
function priceOf({ unitPrice, quantity, discountBasisPoints }: NorthwindLine): bigint {
  const exact = BigInt(unitPrice) * BigInt(quantity) * BigInt(10_000 - discountBasisPoints);
  const halfUp = (exact + 5_000n) / 10_000n;
  return exact % 10_000n === 5_000n ? halfUp - (halfUp % 2n) : halfUp;
}

const sum = (amounts: readonly bigint[]) => amounts.reduce((total, amount) => total + amount, 0n);
const totalOf = (order: NorthwindOrder) => sum(order.lines.map(priceOf));
const totals = Object.fromEntries(orders.map((order) => [order.reference, Number(totalOf(order))]));
const turnover = sum(orders.map(totalOf));

(northwind ? describe : describe.skip)(`the Northwind orders, from ${CLIENTS} clients at once`, () => {
  const { customers, products, customersCsv, productsCsv } =
    northwind ?? ({} as NonNullable<typeof northwind>);
  let market: Market;
  let administrator: PatientClient;
  /** What the service said of each order when it was placed. */
  const placed = new Map<string, ToolReply['output']>();

  beforeAll(async () => {
    market = await Market.open();
    // None of them waits for approval; the market's own threshold is one of euros, and everything else does.
    await market.payments.stop();
    await market.payments.start({ MCP_PAYMENTS_APPROVAL_THRESHOLDS: '' });
    const { running } = market.shop;
    administrator = await PatientClient.connect(running.url, await running.token());
    for (const [kind, content, { length }] of [
      ['customers', customersCsv, customers],
      ['products', productsCsv, products],
    ] as const)
      expect((await imported(market.shop, kind, content))['result']).toMatchObject({
        created: length,
        rejected: 0,
      });
    for (const { sku: product, inStock } of products) await restock(product, inStock + orderedOf(product));
    await sellAll(await customerIds());
    const start = performance.now();
    for (const { id } of placed.values()) await market.receipted(id, 600_000);
    process.stderr.write(`the last receipt ${seconds(performance.now() - start)} after that\n`);
  });
  afterAll(async () => {
    await administrator?.close();
    await market?.close();
  });

  function orderedOf(sku: string): number {
    return lines.filter((line) => line.sku === sku).reduce((pieces, { quantity }) => pieces + quantity, 0);
  }

  async function restock(product: string, quantity: number): Promise<void> {
    if (quantity === 0) return;
    const args = { product, quantity, idempotency_key: `restock-${product}` };
    await administrator.call('restock_product', args);
  }

  async function customerIds(): Promise<ReadonlyMap<string, string>> {
    const ids = new Map<string, string>();
    for (const { reference, name } of customers) {
      const customer = await administrator.call('get_customer', { customer: reference });
      expect(customer).toMatchObject({ reference, name });
      ids.set(reference, customer['id']);
    }
    return ids;
  }

  /** All clients take the next order from one queue. */
  async function sellAll(ids: ReadonlyMap<string, string>): Promise<void> {
    const queue = orders.values();
    const clients = await Promise.all(Array.from({ length: CLIENTS }, (_, index) => clerk(index + 1)));
    const start = performance.now();
    await Promise.all(
      clients.map(async (client) => {
        for (const order of queue) await sell(client, order, ids.get(order.customer)!);
      }),
    );
    tell(clients, performance.now() - start);
    await Promise.all(clients.map((client) => client.close()));
  }

  async function clerk(number: number): Promise<PatientClient> {
    const { running } = market.shop;
    const scopes = ['orders:write', 'orders:pricing'];
    return PatientClient.connect(running.url, await running.token({ subject: `clerk-${number}`, scopes }));
  }

  async function sell(client: PatientClient, order: NorthwindOrder, customer_id: string): Promise<void> {
    const { reference } = order;
    const output = await client.call('create_order', {
      customer_id,
      reference,
      lines: order.lines.map(({ sku, quantity, unitPrice, discountBasisPoints }) => ({
        sku,
        quantity,
        unit_price: unitPrice,
        discount_basis_points: discountBasisPoints,
      })),
      idempotency_key: `place-${reference}`,
    });
    placed.set(reference, output);
    const { id: order_id } = output;
    const payment = { payment_method: 'pm_card_visa', idempotency_key: `pay-${reference}` };
    await client.call('pay_order', { order_id, ...payment });
    await client.call('ship_order', { order_id, carrier: 'Speedy Express' });
  }

  it('cost to the cent what the files say, and are shipped', async () => {
    // What is known of these files; half up, it were 27 cents more.
    if (orders.length === 830) expect([lines.length, turnover]).toEqual([2_155, 126_579_302n]);
    const listed = await administrator.all('list_orders', { fields: ['reference', 'state', 'total'] });
    expect(Object.fromEntries(listed.map(({ reference, total }) => [reference, total]))).toEqual(totals);
    expect(listed).toHaveLength(orders.length);
    expect(new Set(listed.map(({ state }) => state))).toEqual(new Set(['shipped']));
  });

  it('remember who gave prices, where they are not those of the catalogue', () => {
    const listPrices = new Map(products.map(({ sku, listPrice }) => [sku, listPrice]));
    for (const order of orders) {
      const { lines, placed_by, priced_by } = placed.get(order.reference)!;
      const isNegotiated = order.lines.some(
        ({ sku, unitPrice, discountBasisPoints }) =>
          unitPrice !== listPrices.get(sku) || discountBasisPoints > 0,
      );
      expect(priced_by).toEqual(isNegotiated ? placed_by : undefined);
      expect(lines).toMatchObject(order.lines.map(({ sku }) => ({ sku, list_price: listPrices.get(sku) })));
    }
  });

  it('leave the stock that there was before, and nothing reserved', async () => {
    const fields = ['sku', 'name', 'on_hand', 'reserved'];
    const stocked = await administrator.all('search_products', { fields });
    const bySku = Object.fromEntries(stocked.map(({ id: _, ...product }) => [product['sku'], product]));
    expect(bySku).toEqual(
      Object.fromEntries(
        products.map(({ sku, name, inStock }) => [sku, { sku, name, on_hand: inStock, reserved: 0 }]),
      ),
    );
  });

  it('are all in the ledger of payments, and charged once by the provider', async () => {
    const { output } = await market.atPayments('get_balance', {
      currency: 'USD',
      account: 'merchant_balance',
    });
    expect(output['balances']).toMatchObject([
      { balance: `${turnover}`, debits: '0', credits: `${turnover}` },
    ]);
    const charges = market.simulator.effects({ kind: 'charged' });
    expect(charges).toHaveLength(orders.length);
    expect(sum(charges.map(({ amount }) => BigInt(amount)))).toBe(turnover);
  });

  it('have a receipt each, with the lines as they were agreed', async () => {
    const { issuer } = market.shop.running;
    const { url } = market.records;
    const token = await issuer.token({ audience: url, scopes: ['records:read'], tenant: 'acme' });
    const reader = await PatientClient.connect(url, token);
    const receipts = await reader.all('list_records', { collection: 'receipts' });
    await reader.close();
    expect(receipts).toHaveLength(orders.length);
    const byReference = new Map(receipts.map(({ data }) => [data.reference, data]));
    for (const order of orders)
      expect(byReference.get(order.reference)).toMatchObject({
        order_id: placed.get(order.reference)!['id'],
        currency: 'USD',
        total: totals[order.reference],
        lines: order.lines.map((line) => ({
          sku: line.sku,
          quantity: line.quantity,
          unit_price: line.unitPrice,
          discount_basis_points: line.discountBasisPoints,
          line_total: Number(priceOf(line)),
        })),
      });
  });
});

const seconds = (milliseconds: number) => `${(milliseconds / 1_000).toFixed(1)} s`;

function tell(clients: readonly PatientClient[], took: number): void {
  const calls = clients.reduce((all, client) => all + client.calls, 0);
  const repeated = clients.flatMap((client) => client.repeated);
  process.stderr.write(
    `${orders.length} orders, ${lines.length} lines: placed, paid and shipped by ${CLIENTS} clients in ` +
      `${seconds(took)}, ${calls} calls (${((calls / took) * 1_000).toFixed(1)}/s), ` +
      `${repeated.length} of them repetitions (${[...new Set(repeated)].join(', ') || 'none'})\n`,
  );
}
