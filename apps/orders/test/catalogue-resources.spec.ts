import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectModern, waitFor } from '@gantry/testing';
import { imported } from './imported.ts';
import { key, Shop } from './shop.ts';

type Client = Awaited<ReturnType<typeof connectModern>>['raw'];

let shop: Shop;
let client: Client;
let stranger: Client;
beforeAll(async () => {
  shop = await Shop.open();
  client = (await connectModern(shop.running.url, await shop.running.token())).raw;
  stranger = (await connectModern(shop.running.url, await shop.running.token({ tenant: 'globex' }))).raw;
}, 60_000);
afterAll(async () => {
  await client?.close();
  await stranger?.close();
  await shop?.close();
});

async function read(uri: string, through = client): Promise<Record<string, unknown>> {
  const { contents } = await through.readResource({ uri }, { cacheMode: 'refresh' });
  return JSON.parse((contents[0] as { text: string }).text) as Record<string, unknown>;
}

async function completions(uri: string, name: string, value: string): Promise<string[]> {
  const { completion } = await client.complete({
    ref: { type: 'ref/resource', uri },
    argument: { name, value },
  });
  return completion.values;
}

describe('resources of the catalogue', () => {
  it('are one per product, by id and SKU, with the stock of now', async () => {
    const { id, sku } = await shop.product(5, { sku: 'NW/1 ü' });
    expect(await read(`orders://products/${id}`)).toMatchObject({ id, sku, available: 5 });
    await shop.place({ lines: [{ product_id: id, quantity: 2 }] });
    expect(await read(`orders://products/${encodeURIComponent(sku)}`)).toMatchObject({ id, available: 3 });
    await expect(read(`orders://products/${id}`, stranger)).rejects.toThrow(/not found|no resource/i);
    await expect(read('orders://products/nothing')).rejects.toThrow(/not found|no resource/i);
  });

  it('are one per customer, by id and reference', async () => {
    const args = { name: 'Ada', reference: 'ALFKI', idempotency_key: key() };
    const { output: customer } = await shop.call('create_customer', args);
    for (const name of [customer['id'], 'ALFKI'])
      expect(await read(`orders://customers/${name}`)).toEqual(customer);
    await expect(read('orders://customers/ALFKI', stranger)).rejects.toThrow(/not found|no resource/i);
  });

  it.each(['%00', '%ED%A0%80', "'%20or%20true--"])('are none for %s', async (name) => {
    for (const kind of ['products', 'customers'])
      await expect(read(`orders://${kind}/${name}`)).rejects.toThrow(
        /not found|no resource|cannot be stored/i,
      );
  });

  it('are completed by SKU, reference or id', async () => {
    const { id } = await shop.product(5, { sku: 'COMP-1' });
    const { id: customer } = await shop.customer();
    const product = 'orders://products/{product}';
    expect(await completions(product, 'product', 'COMP')).toEqual(['COMP-1']);
    expect(await completions(product, 'product', id.slice(0, -1))).toEqual([id]);
    expect(await completions(product, 'product', '%')).toEqual([]);
    const customers = 'orders://customers/{customer}';
    expect(await completions(customers, 'customer', 'ALF')).toEqual(['ALFKI']);
    expect(await completions(customers, 'customer', customer.slice(0, -1))).toEqual([customer]);
  });

  it('tell who listens that a product was restocked or described anew', async () => {
    const { id } = await shop.product(5, { sku: 'LISTEN' });
    const uri = `orders://products/${id}`;
    const heard: string[] = [];
    client.setNotificationHandler('notifications/resources/updated', ({ params }) => {
      heard.push(params.uri);
    });
    const subscription = await client.listen({ resourceSubscriptions: [uri] });
    await shop.call('restock_product', { product: 'LISTEN', quantity: 1, idempotency_key: key() });
    await waitFor(() => heard.length === 1);
    await imported(shop, 'products', 'sku,name,unit_price,currency\nLISTEN,New name,1,EUR\n');
    await waitFor(() => heard.length === 2);
    expect(new Set(heard)).toEqual(new Set([uri]));
    await subscription.close();
  });
});
