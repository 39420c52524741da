import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { SERVICES } from '../../src/services.ts';
import { CommandSite, proposedCall, type RunningCommand } from '../stack-command.ts';

const MAIN = ['--conditions=@gantry/source', join(import.meta.dirname, '../../src/main.ts')];

let site: CommandSite;

beforeAll(async () => {
  site = await CommandSite.open();
});

afterEach(() => site.killAll());
afterAll(() => site.close());

const serve = () => site.serve('node', [...MAIN, 'serve']);

interface Countries {
  structuredContent: { items: { id: string; data: Record<string, unknown> }[] };
}

interface Products {
  structuredContent: { items: { sku: string; available: number }[] };
}

interface Payment {
  structuredContent: { id: string; state: string; amount_captured: number };
}

/** What a developer gets who pastes the proposed call into a shell. */
async function pasteFirstCall<Result>(service: string, { output }: RunningCommand): Promise<Result> {
  const { stdout } = await promisify(execFile)('bash', ['-c', proposedCall(output(), service)]);
  return (JSON.parse(stdout) as { result: Result }).result;
}

/** The configuration that is printed for MCP clients. */
function clientConfiguration({ output }: RunningCommand) {
  const start = output().indexOf('\n{') + 1;
  return JSON.parse(output().slice(start, output().indexOf('\n}\n', start) + 2)) as {
    mcpServers: Record<string, { type: string; url: string; headers: { Authorization: string } }>;
  };
}

describe('make serve', () => {
  it('shows a first call that works, and keeps its data and ids from one run to the next', async () => {
    const first = await serve();
    const { items } = (await pasteFirstCall<Countries>('records', first)).structuredContent;
    expect(items.map(({ data }) => data)).toEqual([
      { name: 'France', capital: 'Paris', area_km2: 551_695 },
      { name: 'Finland', capital: 'Helsinki', area_km2: 338_424 },
      { name: 'Portugal', capital: 'Lisbon', area_km2: 92_090 },
    ]);
    const { structuredContent: paid } = await pasteFirstCall<Payment>('payments', first);
    expect(paid).toMatchObject({ state: 'captured', amount_captured: 1_990 });
    const { items: products } = (await pasteFirstCall<Products>('orders', first)).structuredContent;
    expect(products.map(({ sku }) => sku)).toEqual(['BEANS-DECAF', 'BEANS-ESPRESSO', 'BEANS-FILTER']);
    expect(products.every(({ available }) => available > 0)).toBe(true);
    first.child.kill('SIGINT');
    expect(await first.exit).toBe(0);
    await site.quiet();

    const second = await serve();
    expect(second.output()).toContain('records: all there; payments: all there; orders: all there');
    expect((await pasteFirstCall<Countries>('records', second)).structuredContent.items).toEqual(items);
    // Pasted again, and paid once.
    expect((await pasteFirstCall<Payment>('payments', second)).structuredContent).toEqual(paid);
    second.child.kill('SIGINT');
    expect(await second.exit).toBe(0);
    await site.quiet();
  });

  it('prints a configuration that works for a client', async () => {
    const running = await serve();
    const { mcpServers } = clientConfiguration(running);
    expect(Object.keys(mcpServers)).toEqual(SERVICES.map(({ name }) => `gantry-${name}`));
    for (const { type, url, headers } of Object.values(mcpServers)) {
      expect(type).toBe('http');
      const client = new Client({ name: 'e2e', version: '1.0.0' });
      await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }));
      expect((await client.listTools()).tools.map(({ name }) => name)).toContain('health_check');
      await client.close();
    }
    running.child.kill('SIGINT');
    await running.exit;
  });

  it('stops as a whole when Ctrl-C is pressed under make', async () => {
    const running = await site.serve('make', ['serve']);
    // The terminal sends it to everybody in the foreground: make and the stack alike.
    process.kill(-running.child.pid!, 'SIGINT');
    await running.exit;
    expect(running.output()).toContain('Stopping … stopped.');
    await site.quiet();
  });
});
