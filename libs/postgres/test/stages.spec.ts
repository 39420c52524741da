import { asGantryError, businessError, sharedError, type GantryError } from '@gantry/errors';
import {
  composePipeline,
  failure,
  success,
  type Effect,
  type Next,
  type Outcome,
  type RunningCall,
  type StageSlot,
  type ToolStage,
} from '@gantry/pipeline';
import { testCall, testTool } from '@gantry/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { SavepointStage } from '../src/savepoint.stage.ts';
import { UnitOfWorkStage } from '../src/unit-of-work.stage.ts';
import { addNote, noteIds, openFixture, until, type Fixture } from './fixtures.ts';

const REFUSED = businessError('refused', 'No.', 'Do not.');

describe('a tool call', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await openFixture();
  });
  afterAll(() => fixture.close());
  beforeEach(async () => {
    await fixture.owner`truncate notes`;
  });

  /** A call through both stages and, between them, what idempotency and audit do: write whatever the outcome is. */
  function call(
    effect: Effect,
    handler: () => Promise<Outcome>,
    signal = new AbortController().signal,
  ): Promise<Outcome> {
    const { database } = fixture;
    const remember: ToolStage = {
      forTool: () => async (running: RunningCall, next: Next) => {
        const outcome = await next(running);
        if (outcome.ok || outcome.error.isFinal) await addNote(database, 'answer');
        return outcome;
      },
    };
    const stages = new Map<StageSlot, ToolStage>([
      ['unit-of-work', new UnitOfWorkStage(database)],
      ['savepoint', new SavepointStage(database)],
      ...(effect === 'read' ? [] : [['idempotency', remember] as const]),
    ]);
    const tool = testTool({ effect });
    const running = testCall({ tool, signal, deadline: performance.now() + 5_000 });
    return composePipeline(tool, stages, handler)(running);
  }

  const write = (then: () => Promise<Outcome> | Outcome) => async () => {
    await addNote(fixture.database, 'row');
    return then();
  };

  const ids = async () => (await fixture.notes()).map(({ id }) => id);

  it('commits everything when it succeeds', async () => {
    expect(
      await call(
        'create',
        write(() => success({})),
      ),
    ).toMatchObject({ ok: true });
    expect(await ids()).toEqual(['answer', 'row']);
  });

  it.each([
    ['returned', () => failure(REFUSED)],
    ['thrown', () => Promise.reject(REFUSED)],
  ])('commits a final refusal that was %s, without the rows of its handler', async (_, refuse) => {
    const outcome = await call('update', write(refuse));
    expect(outcome).toMatchObject({ ok: false, error: { code: 'refused' } });
    expect(await ids()).toEqual(['answer']);
  });

  it('commits a final refusal after a statement that failed', async () => {
    const { database } = fixture;
    const outcome = await call('create', async () => {
      await addNote(database, 'row');
      await addNote(database, 'row').catch(() => Promise.reject(REFUSED));
      return success({});
    });
    expect(outcome).toMatchObject({ ok: false, error: { code: 'refused' } });
    expect(await ids()).toEqual(['answer']);
  });

  it.each([
    ['a bug', () => Promise.reject(new TypeError('bug')), 'internal_error'],
    [
      'an outage',
      () => Promise.reject(sharedError('dependency_unavailable', 'Down.')),
      'dependency_unavailable',
    ],
  ])('rolls back everything after %s', async (_, fail, code) => {
    expect(await call('delete', write(fail))).toMatchObject({ ok: false, error: { code } });
    expect(await ids()).toEqual([]);
  });

  it('rolls back everything when it is aborted, and says why', async () => {
    const { database } = fixture;
    const controller = new AbortController();
    const running = call(
      'create',
      write(async () => (await database.sql`select pg_sleep(20)`, success({}))),
      controller.signal,
    );
    await until(() => database.poolState.inUse === 1);
    controller.abort(sharedError('timeout', 'Too late.'));
    expect(await running).toMatchObject({ ok: false, error: { message: 'Too late.' } });
    expect(await ids()).toEqual([]);
  });

  it('does not commit a success that comes after the abort', async () => {
    const controller = new AbortController();
    const outcome = await call(
      'create',
      write(() => (controller.abort(), success({}))),
      controller.signal,
    );
    expect(outcome).toMatchObject({ ok: false, error: { code: 'cancelled' } });
    expect(await ids()).toEqual([]);
  });

  it('that reads cannot write', async () => {
    const outcome = await call(
      'read',
      write(() => success({})),
    );
    const { error } = outcome as { error: GantryError };
    expect(error.code).toBe('internal_error');
    expect(asGantryError(error).cause).toMatchObject({ message: expect.stringContaining('must not write') });
  });

  it('that reads sees its tenant', async () => {
    await call(
      'create',
      write(() => success({})),
    );
    const outcome = await call('read', async () => success({ ids: await noteIds(fixture.database) }));
    expect(outcome).toMatchObject({ ok: true, output: { ids: ['answer', 'row'] } });
  });

  it('with an external effect gets no unit of work: it makes its own', () => {
    const { database } = fixture;
    expect(new UnitOfWorkStage(database).forTool(testTool({ effect: 'external' }))).toBeUndefined();
    expect(new SavepointStage(database).forTool(testTool({ effect: 'external' }))).toBeUndefined();
    expect(new SavepointStage(database).forTool(testTool({ effect: 'read' }))).toBeUndefined();
  });
});
