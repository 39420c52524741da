import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkReference, writeReference } from '../src/reference/reference.ts';
import { Repository } from '../src/repository.ts';
import { FILES } from '../src/snapshot.ts';
import { contract } from './contract.ts';

let root: string;
let repository: Repository;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'gantry-reference-'));
  repository = new Repository(root);
  for (const [file, parts] of Object.entries(FILES))
    write(
      `apps/orders/contract/${file}`,
      JSON.stringify(Object.fromEntries(parts.map((part) => [part, contract[part]]))),
    );
  write('apps/orders/package.json', '{"version":"1.2.3"}');
  write(
    'apps/orders/src/refusals.ts',
    "businessError('order_not_found', 'Not yet.', 'Wait.', { retryable: true });",
  );
  write('apps/orders/src/refusals.spec.ts', "businessError('no_code', 'x', 'x', { retryable: true });");
});
afterAll(() => rmSync(root, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), text);
}

const page = (name: string) => readFileSync(join(root, 'docs/reference', name), 'utf8');

describe('the reference', () => {
  it('is not up to date until it is written, and whenever something has changed', () => {
    expect(checkReference(repository)).toEqual(['README.md', 'orders.md']);
    expect(writeReference(repository)).toEqual(['README.md', 'orders.md']);
    expect(checkReference(repository)).toEqual([]);
    appendFileSync(join(root, 'docs/reference/orders.md'), 'by hand');
    expect(checkReference(repository)).toEqual(['orders.md']);
    write('docs/reference/payments.md', 'of a service that is gone');
    expect(checkReference(repository)).toEqual(['orders.md', 'payments.md']);
    writeReference(repository);
    expect(readdirSync(join(root, 'docs/reference'))).toEqual(['README.md', 'orders.md']);
  });

  it('says of a tool all that its contract says', () => {
    const [, tool] = /### ship_order\n\n([^]*?)\n\n## /.exec(page('orders.md')) ?? [];
    expect(tool).toBe(`Ships an order.

| scope | effect | idempotency key | calls a minute | at once | deadline | version |
| --- | --- | --- | --- | --- | --- | --- |
| \`orders:write\` | update | optional | 60 | 50 | 5 s | 1 |

**Input**

| name | type | required | bounds | description |
| --- | --- | --- | --- | --- |
| \`order_id\` | string | yes | at most 30 characters | As \`list_orders\` has it. |
| \`idempotency_key\` | string |  |  | Names the intent: see [idempotency keys](README.md#idempotency-keys). |

**Output**

| field | type | always there |
| --- | --- | --- |
| \`state\` | \`paid\`, \`shipped\` | yes |

**Errors**, and [those of any tool](README.md#errors)

| code | category | retryable | what to do |
| --- | --- | --- | --- |
| \`order_not_found\` | business error | yes | See \`list_orders\` |`);
  });

  it.each([
    '[Tools](#tools) (1) · [Resources](#resources) (2) · [Prompts](#prompts) (1) · [Events](#events) (1) · [Settings](#settings) (2) · [Metrics](#metrics) (1)',
    '| [`ship_order`](#ship_order) | Ship an order | `orders:write` | update |',
    '| `orders://orders/{order_id}` | An order. | `orders:read` | `application/json` | no | 60 | 5 s |',
    '| `config://server-settings` | How it is set up. | none | `application/json` | 1 min | 60 | 5 s |',
    '| `order_id` | yes | at most 30 characters | Which. |',
    '| [`order.shipped`](#ordershippedv1) | 1 | An order was sent. |',
    '### order.shipped.v1',
    'The service does not start without `MCP_DATABASE_URL`, nor',
    '[orders](#settings-orders) · [postgres](#settings-postgres)',
    '| `MCP_ORDERS_MINUTES` | integer, 1 to 600 | `60` | How long stock is kept. |',
    '| `MCP_DATABASE_URL` | URL | required | **Secret.** Where the data is. |',
    '| `mcp_requests_total` | counter | `tool`, `status` | Calls. |',
  ])('has %s', (line) => {
    expect(page('orders.md')).toContain(line);
  });

  it.each([
    '| [orders](orders.md) | 1.2.3 | 1 | 2 | 1 | 1 |',
    'Names what you intend.',
    '| `rate_limited` | client error | yes | Wait `retry_after_seconds`, then repeat the same call. |',
  ])('has an overview with %s', (line) => {
    expect(page('README.md')).toContain(line);
  });

  it('leads nowhere that is not there', () => {
    const text = page('orders.md');
    const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
      heading!
        .toLowerCase()
        .replace(/[^\w -]/g, '')
        .replaceAll(' ', '-'),
    );
    const links = [...text.matchAll(/\]\(#([^)]+)\)/g)].map(([, link]) => link);
    expect(links.length).toBeGreaterThan(5);
    expect(links.filter((link) => !headings.includes(link!))).toEqual([]);
  });

  it('leaves out what a service has none of', () => {
    write('apps/quiet/package.json', '{"version":"1.0.0"}');
    write('apps/quiet/contract/tools.json', JSON.stringify({ tools: contract.tools }));
    writeReference(repository);
    expect(page('quiet.md').match(/^## .+$/gm)).toEqual(['## Tools']);
    rmSync(join(root, 'apps/quiet'), { recursive: true });
  });
});
