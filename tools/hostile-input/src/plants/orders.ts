import { type HonestClient, key, MARKER, REFERENCE, type Plants } from './plant.ts';

const ORDERS = 12;
const HEADER = 'sku,name,unit_price,currency';

/** A shop with products, customers and orders, and files that wait for their rest. */
export async function plantOrders(
  attacker: HonestClient,
  colleague: HonestClient,
  victim: HonestClient,
): Promise<Plants> {
  const own = await shop(attacker, 'mine');
  const theirs = await shop(victim, MARKER);
  const file = { kind: 'products', format: 'csv' };
  const upload = async (who: HonestClient, name = MARKER) => {
    const part = { ...file, content: `${HEADER}\nPART-1,${name},1.00,EUR\n`, last: false };
    return (await who.call('import_catalogue', { ...part, idempotency_key: key() })).upload!.upload_id;
  };
  const product = { ...file, content: `${HEADER}\nMORE-1,more,1.00,EUR\n` };
  const { next_cursor: cursor } = await victim.call('list_orders', { limit: 1 });
  const hers = { customer_id: own.customer, lines: [{ sku: 'MINE-0', quantity: 1 }], reference: 'hers' };
  return {
    own: {
      customer_id: [own.customer],
      customer: [own.customer, 'REF-mine'],
      product: ['MINE-0', 'MINE-1'],
      sku: ['MINE-0', 'MINE-1'],
      product_id: [own.product],
      order_id: own.orders.map(({ output }) => output['id']),
      lines: [
        [{ sku: 'MINE-0', quantity: 1 }],
        [
          { sku: 'MINE-1', quantity: 2 },
          { sku: 'MINE-0', quantity: 1 },
        ],
      ],
      payment_method: ['pm_card_visa', 'pm_card_visa', 'pm_card_chargeDeclined', 'pm_of_nobody'],
      email: ['ada@example.com'],
      reference: ['mine', 'other'],
      category: ['tools'],
      text: ['mine', 'product'],
      quantity: [1, 2, 50],
      operation_id: [await attacker.operate('import_catalogue', product)],
      upload_id: [await upload(attacker, 'mine')],
      content: [
        product.content,
        'reference,name\nR1,one\n',
        '{"sku":"N-1","name":"n","unit_price":"1.00","currency":"EUR"}\n',
      ],
      fields: [['id'], ['id', 'state']],
      after_line: ['0'],
      part: [1, 2],
      problem: ['nothing has come'],
    },
    foreign: {
      customer_id: [theirs.customer],
      customer: [theirs.customer, REFERENCE],
      product: [theirs.product],
      product_id: [theirs.product],
      order_id: theirs.orders.map(({ output }) => String(output['id'])),
      operation_id: [
        await victim.operate('import_catalogue', {
          ...product,
          content: product.content.replace('MORE', 'THEIRS'),
        }),
      ],
      upload_id: [await upload(victim)],
      reference: [REFERENCE],
    },
    personal: {
      operation_id: [await colleague.operate('import_catalogue', product)],
      upload_id: [await upload(colleague)],
    },
    keyed: [
      await victim.keyed('create_order', {
        customer_id: theirs.customer,
        lines: [{ sku: 'THEIRS-0', quantity: 1 }],
        reference: 'his',
      }),
      await colleague.keyed('create_order', hers),
    ],
    cursors: [{ tool: 'list_orders', args: { limit: 1 }, cursor: cursor! }],
  };
}

async function shop(client: HonestClient, name: string) {
  const skus = name === MARKER ? 'THEIRS' : 'MINE';
  const rows = [0, 1].map((index) => `${skus}-${index},${name} ${index},${index + 1}.00,EUR`);
  await client.operate('import_catalogue', {
    kind: 'products',
    format: 'csv',
    content: [HEADER, ...rows].join('\n'),
  });
  for (const index of [0, 1])
    await client.keyed('restock_product', { product: `${skus}-${index}`, quantity: 100_000 });
  const { id: product } = await client.call('get_product', { product: `${skus}-0` });
  const reference = name === MARKER ? REFERENCE : `REF-${name}`;
  const person = { name, reference, email: 'person@example.com' };
  const { output } = await client.keyed('create_customer', person);
  const customer = String(output['id']);
  const orders = [];
  for (let index = 0; index < ORDERS; index += 1) {
    const lines = [{ sku: `${skus}-${index % 2}`, quantity: 1 }];
    orders.push(await client.keyed('create_order', { customer_id: customer, lines, reference }));
  }
  for (const { output: order } of orders.slice(0, 2))
    await client.keyed('pay_order', { order_id: order['id'], payment_method: 'pm_card_visa' });
  return { product: String(product), customer, orders };
}
