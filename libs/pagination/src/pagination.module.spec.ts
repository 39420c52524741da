import { Log } from '@gantry/observability';
import { startContainer } from '@gantry/testing';
import { describe, expect, it } from '@jest/globals';
import { Global, Module } from '@nestjs/common';
import { callOf, randomKey } from '../test/calls.ts';
import { Pages } from './pages.ts';
import { PaginationModule } from './pagination.module.ts';

/** The pages of a service with this environment, and the log lines of its start. */
async function start(
  env: Record<string, string>,
): Promise<{ pages: Pages; lines: Record<string, unknown>[] }> {
  const lines: Record<string, unknown>[] = [];
  const log = Log.create({ destination: { write: (line) => void lines.push(JSON.parse(line)) } });

  @Global()
  @Module({ providers: [{ provide: Log, useValue: log }], exports: [Log] })
  class LogModule {}

  const { app, stop } = await startContainer({ imports: [LogModule, PaginationModule] }, env);
  const pages = app.get(Pages);
  await stop();
  return { pages, lines };
}

function firstPage(pages: Pages) {
  return pages.page({
    call: callOf(),
    query: {},
    rows: ['a', 'b', 'c'],
    limit: 2,
    positionOf: (row) => [row],
    toItem: (row) => ({ name: row.repeat(1_000) }),
  });
}

describe('PaginationModule', () => {
  it('makes cursors that another replica with the same keys understands', async () => {
    const env = { MCP_CURSOR_KEYS: randomKey() };
    const [one, other] = [await start(env), await start(env)];
    expect(other.pages.position(callOf(), {}, firstPage(one.pages).next_cursor)).toEqual(['b']);
    expect(one.lines).toEqual([]);
  });

  it('warns that cursors will not survive the process if there are no keys', async () => {
    const [one, other] = [await start({}), await start({})];
    expect(one.lines).toEqual([
      expect.objectContaining({ level: 'warn', msg: expect.stringContaining('MCP_CURSOR_KEYS is not set') }),
    ]);
    const { next_cursor } = firstPage(one.pages);
    expect(one.pages.position(callOf(), {}, next_cursor)).toEqual(['b']);
    expect(() => other.pages.position(callOf(), {}, next_cursor)).toThrow(
      'The cursor does not belong to this call.',
    );
  });

  it('cuts pages at the byte budget', async () => {
    const { pages } = await start({ MCP_RESPONSE_BYTE_BUDGET: '1500' });
    expect(firstPage(pages).items).toHaveLength(1);
  });
});
