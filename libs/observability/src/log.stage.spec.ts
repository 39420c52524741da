import { describe, expect, it } from '@jest/globals';
import { businessError, sharedError, type GantryError } from '@gantry/errors';
import { composePipeline, failure, stageSlotOf, type Next } from '@gantry/pipeline';
import { testCall } from '@gantry/testing';
import { recordingLog, succeed } from '../test/fixtures.ts';
import { runInContext } from './call-context.ts';
import { LogStage } from './log.stage.ts';

async function lineOf(next: Next, call = testCall()): Promise<Record<string, unknown>> {
  const { log, lines } = recordingLog();
  const stage = new LogStage(log);
  const context = { requestId: call.requestId, tenant: call.principal.tenant, tool: call.tool.name };
  await runInContext(context, () => composePipeline(call.tool, new Map([['log', stage]]), next)(call));
  expect(lines()).toHaveLength(1);
  return lines()[0]!;
}

const failWith = (error: GantryError) => lineOf(async () => failure(error));

describe('LogStage', () => {
  it('stands in its slot', () => {
    expect(stageSlotOf(LogStage)).toBe('log');
  });

  it('tells who called what, how it ended and how long it took', async () => {
    const call = testCall({ arguments: { note: 'private' } });
    const line = await lineOf(succeed, call);
    expect(line).toMatchObject({
      level: 'info',
      msg: 'tool call',
      request_id: call.requestId,
      tenant: 'acme',
      tool: 'get_order',
      client: 'agent',
      subject: 'alice',
      outcome: 'ok',
      duration_ms: expect.any(Number),
    });
    expect(line).not.toHaveProperty('idempotent_replay');
    expect(JSON.stringify(line)).not.toContain('private');
  });

  it('marks a replay', async () => {
    const replay: Next = async (call) => {
      call.resultMeta['idempotent_replay'] = true;
      return succeed(call);
    };
    expect(await lineOf(replay)).toMatchObject({ outcome: 'ok', idempotent_replay: true });
  });

  it.each([
    ['a business error', businessError('order_already_shipped', 'Shipped.', 'Return it.')],
    ['a client error', sharedError('permission_denied', 'No.')],
  ])('takes %s as daily business', async (_, error) => {
    const line = await failWith(error);
    expect(line).toMatchObject({ level: 'info', outcome: error.code, error_id: error.errorId });
    expect(line).not.toHaveProperty('err');
  });

  it('tells the cause of a dependency that failed, as a warning', async () => {
    const error = sharedError('dependency_unavailable', 'Away.', { cause: new Error('ECONNREFUSED db') });
    expect(await failWith(error)).toMatchObject({
      level: 'warn',
      outcome: 'dependency_unavailable',
      err: { message: 'ECONNREFUSED db' },
    });
  });

  it('tells the whole story of an internal error under its error_id', async () => {
    const line = await lineOf(async () => {
      throw new Error('cannot read x', { cause: new TypeError('x is undefined') });
    });
    expect(line).toMatchObject({
      level: 'error',
      outcome: 'internal_error',
      error_id: expect.stringMatching(/^err_/),
      err: {
        message: 'cannot read x',
        stack: expect.stringContaining('log.stage.spec'),
        cause: { type: 'TypeError', message: 'x is undefined' },
      },
    });
  });

  it('shows an internal error without a cause itself', async () => {
    expect(await failWith(sharedError('internal_error', 'Broken.'))).toMatchObject({
      err: { message: 'Broken.', stack: expect.any(String) },
    });
  });
});
