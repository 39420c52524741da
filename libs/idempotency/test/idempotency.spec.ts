import { randomUUID } from 'node:crypto';
import { businessError, sharedError } from '@gantry/errors';
import { describe, expect, it } from '@jest/globals';
import { useFixture } from './fixture.ts';

const the = useFixture();

describe('a call with a key', () => {
  it('takes effect once and gives its first answer to every repetition', async () => {
    const create = the.replica.tool('create', the.add);
    const first = await create({ key: the.key, input: { name: the.thing } });
    expect(first).toEqual({ output: { name: the.thing, made: expect.any(String) }, replay: false });
    expect(await create({ key: the.key, input: { name: the.thing } })).toEqual({ ...first, replay: true });
    expect(await create({ key: the.key, input: { name: the.thing } })).toEqual({ ...first, replay: true });
    expect(await the.count(the.thing)).toBe(1);
  });

  it('replays the very text, with its order of keys and whatever characters and numbers', async () => {
    const output = {
      z: 1,
      a: { nul: 'a\0b', half: '\ud800', emoji: '🙂', numbers: [1e21, 0.1, -1], nothing: null },
    };
    const create = the.replica.tool('create', async () => output);
    await create({ key: the.key });
    const replayed = await create({ key: the.key });
    expect(JSON.stringify(replayed.output)).toBe(JSON.stringify(output));
  });

  it('is the same call whatever the order of its arguments', async () => {
    const create = the.replica.tool('create', the.add);
    const first = await create({ key: the.key, input: { name: the.thing, options: { a: 1, b: [2] } } });
    expect(await create({ key: the.key, input: { options: { b: [2], a: 1 }, name: the.thing } })).toEqual({
      ...first,
      replay: true,
    });
  });

  it('is refused if the key was used with other arguments, without forgetting the first answer', async () => {
    const create = the.replica.tool('create', the.add);
    const first = await create({ key: the.key, input: { name: the.thing } });
    const other = await create({ key: the.key, input: { name: `${the.thing} changed` } });
    expect(other).toMatchObject({ error: { code: 'idempotency_conflict', retryable: false }, replay: false });
    expect(await the.count(`${the.thing} changed`)).toBe(0);
    expect(await create({ key: the.key, input: { name: the.thing } })).toEqual({ ...first, replay: true });
  });

  it.each([
    ['tenant', { tenant: 'umbrella' }],
    ['subject', { subject: 'bob' }],
    ['client', { client: 'other-agent' }],
  ])('has nothing to do with the same key of another %s', async (_, other) => {
    const create = the.replica.tool('create', the.add);
    const mine = await create({ key: the.key, input: { name: the.thing } });
    const theirs = await create({ key: the.key, input: { name: the.thing }, ...other });
    expect(theirs).toMatchObject({ output: { name: the.thing }, replay: false });
    expect(theirs.output).not.toEqual(mine.output);
  });

  it('has nothing to do with the same key of another tool', async () => {
    const [one, other] = [
      the.replica.tool('create', the.add, 'add_thing'),
      the.replica.tool('update', the.add, 'change_thing'),
    ];
    await one({ key: the.key, input: { name: the.thing } });
    expect(await other({ key: the.key, input: { name: the.thing } })).toMatchObject({ replay: false });
    expect(await the.count(the.thing)).toBe(2);
  });

  it.each(['update', 'delete'] as const)('takes effect once for %s, too', async (effect) => {
    const change = the.replica.tool(effect, the.add);
    await change({ key: the.key, input: { name: the.thing } });
    expect(await change({ key: the.key, input: { name: the.thing } })).toMatchObject({ replay: true });
    expect(await the.count(the.thing)).toBe(1);
  });

  it.each([
    ['Unicode from many planes', () => `ключ 钥匙 🔑 ${randomUUID()}`],
    ['SQL', () => `'); drop table idempotency_keys; -- ${randomUUID()}`],
    ['200 wide characters', () => '🔑'.repeat(100)],
  ])('may have a key of %s', async (_, make) => {
    const odd = make();
    const create = the.replica.tool('create', the.add);
    const first = await create({ key: odd, input: { name: the.thing } });
    expect(first.output).toBeDefined();
    expect(await create({ key: odd, input: { name: the.thing } })).toEqual({ ...first, replay: true });
  });

  it.each([
    ['a NUL character', 'key with \0 inside'],
    ['a line feed', 'key with \n inside'],
    ['too few characters', 'short'],
    ['too many characters', 'k'.repeat(201)],
  ])('is refused, and not an internal error, if the key has %s', async (_, odd) => {
    const create = the.replica.tool('create', the.add);
    expect(await create({ key: odd, input: { name: the.thing } })).toMatchObject({
      error: { code: 'validation_error', details: { issues: [{ path: '/idempotency_key' }] } },
    });
    expect(await the.count(the.thing)).toBe(0);
  });

  it('is no internal error if the key has half of a surrogate pair', async () => {
    const create = the.replica.tool('create', the.add);
    const { error } = await create({ key: `${the.key} \ud800`, input: { name: the.thing } });
    expect(error?.code).not.toBe('internal_error');
  });
});

describe('a call without a key', () => {
  it('is refused if it creates something', async () => {
    const create = the.replica.tool('create', the.add);
    expect(await create({ input: { name: the.thing } })).toMatchObject({
      error: { code: 'idempotency_key_required' },
    });
    expect(await the.count(the.thing)).toBe(0);
  });

  it.each(['update', 'delete'] as const)('takes effect each time for %s', async (effect) => {
    const change = the.replica.tool(effect, the.add);
    await change({ input: { name: the.thing } });
    expect(await change({ input: { name: the.thing } })).toMatchObject({ replay: false });
    expect(await the.count(the.thing)).toBe(2);
  });

  it.each(['read', 'external'] as const)('is left alone for %s, as is one with a key', async (effect) => {
    const run = the.replica.tool(effect, async () => ({ made: randomUUID() }));
    const first = await run({ key: the.key });
    expect((await run({ key: the.key })).output).not.toEqual(first.output);
  });
});

describe('a call that fails', () => {
  it('keeps a refusal of the business, undoes its rows, and replays it with the same error_id', async () => {
    let runs = 0;
    const create = the.replica.tool('create', async () => {
      runs++;
      await the.replica.addThing(the.thing);
      throw businessError('credit_exhausted', 'The credit is exhausted.', 'Ask for more credit.', {
        details: { left: 3 },
      });
    });
    const first = await create({ key: the.key });
    expect(first).toMatchObject({ error: { code: 'credit_exhausted', details: { left: 3 } }, replay: false });
    expect(await create({ key: the.key })).toEqual({ ...first, replay: true });
    expect(runs).toBe(1);
    expect(await the.count(the.thing)).toBe(0);
  });

  it.each([
    ['a retryable refusal', () => businessError('busy', 'Busy.', 'Wait.', { retryable: true })],
    [
      'a dependency that is down',
      () => sharedError('dependency_unavailable', 'The provider does not answer.'),
    ],
    ['an unknown error', () => new Error('boom')],
  ])('frees the key again after %s', async (_, make) => {
    let runs = 0;
    const create = the.replica.tool('create', async () => {
      await the.replica.addThing(the.thing);
      if (runs++ === 0) throw make();
      return { run: runs };
    });
    const first = await create({ key: the.key });
    expect(first.error).toBeDefined();
    expect(await the.count(the.thing)).toBe(0);
    expect(await create({ key: the.key })).toEqual({ output: { run: 2 }, replay: false });
    expect(await create({ key: the.key })).toEqual({ output: { run: 2 }, replay: true });
    expect(await the.count(the.thing)).toBe(1);
  });

  it('frees the key for other arguments as well', async () => {
    const create = the.replica.tool('create', async ({ fail }) => {
      if (fail) throw new Error('boom');
      return {};
    });
    await create({ key: the.key, input: { fail: true } });
    expect(await create({ key: the.key, input: { fail: false } })).toEqual({ output: {}, replay: false });
  });

  it('does not take effect if its answer is too large to be kept', async () => {
    const create = the.replica.tool('create', async () => {
      await the.replica.addThing(the.thing);
      return { text: 'x'.repeat(1_048_576) };
    });
    expect(await create({ key: the.key })).toMatchObject({ error: { code: 'internal_error' } });
    expect(await the.count(the.thing)).toBe(0);
  });

  it('frees the key if the client goes away', async () => {
    const leaving = new AbortController();
    const create = the.replica.tool('create', async (_, { signal }) => {
      await the.replica.addThing(the.thing);
      if (signal === leaving.signal) leaving.abort();
      return {};
    });
    expect(await create({ key: the.key, signal: leaving.signal })).toMatchObject({
      error: expect.anything(),
    });
    expect(await the.count(the.thing)).toBe(0);
    expect(await create({ key: the.key })).toEqual({ output: {}, replay: false });
    expect(await the.count(the.thing)).toBe(1);
  });
});
