import { waitFor } from '@gantry/testing';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { mood, paidOut } from './desk/approval-tools.ts';
import { askedOf, errorOf, KEYS, outputOf, no, useAsking, yes, type Asked } from './desk/asking.ts';
import { call, type RawCall } from './desk/raw-call.ts';

const the = useAsking();
let name: string;

beforeEach(() => {
  name = randomUUID();
});

describe('answers', () => {
  it('count once', async () => {
    const asked = await the.ask({ args: { name } });
    expect(outputOf(await the.answer({ args: { name } }, asked, { approve: yes }))).toBeDefined();
    for (const url of [the.here.url, the.there.url]) {
      const replayed = errorOf(await the.answer({ args: { name } }, asked, { approve: yes }, { url }));
      expect(replayed).toMatchObject({
        code: 'validation_error',
        error: 'These answers have been used already.',
        hint: expect.stringContaining('Call approve_payment anew'),
      });
    }
    expect(await the.desk.approved(name)).toBe(1);
  });

  it('count once if they come twice at the same moment', async () => {
    const asked = await the.ask({ args: { name } });
    const answered = await Promise.all(
      [the.here, the.there, the.here, the.there].map(({ url }) =>
        the.answer({ args: { name } }, asked, { approve: yes }, { url }),
      ),
    );
    expect(answered.filter(({ json }) => json.result?.['isError'] !== true)).toHaveLength(1);
    expect(await the.desk.approved(name)).toBe(1);
  });

  it('count once, be it that the person said no', async () => {
    const asked = await the.ask({ args: { name } });
    expect(errorOf(await the.answer({ args: { name } }, asked, { approve: no })).code).toBe(
      'approval_declined',
    );
    expect(errorOf(await the.answer({ args: { name } }, asked, { approve: yes })).code).toBe(
      'validation_error',
    );
    expect(await the.desk.approved(name)).toBe(0);
  });

  it('of an earlier round do not count once a later one has', async () => {
    const raw = { args: { name, mode: 'two' } };
    const first = await the.ask(raw);
    const second = askedOf(await the.answer(raw, first, { approve: yes }));
    expect(outputOf(await the.answer(raw, second, { confirm: yes }))).toBeDefined();
    expect(errorOf(await the.answer(raw, first, { approve: yes })).code).toBe('validation_error');
    expect(await the.desk.approved(name)).toBe(1);
  });

  it('are replayed with their call, if it has an idempotency key', async () => {
    const raw = { args: { name, idempotency_key: `key-${name}` } };
    const asked = await the.ask(raw);
    const first = await the.answer(raw, asked, { approve: yes });
    const repeated = await the.answer(raw, asked, { approve: yes }, { url: the.there.url });
    expect(outputOf(repeated)).toEqual(outputOf(first));
    expect(repeated.json.result).toMatchObject({ _meta: { idempotent_replay: true } });
    // Without them, too: the intent is done.
    expect(outputOf(await call(the.here.url, the.token, raw))).toEqual(outputOf(first));
    expect(await the.desk.approved(name)).toBe(1);
  });

  it('are not used up by a call that rolls back', async () => {
    const asked = await the.ask({ args: { name } });
    mood.failures = 1;
    const failed = errorOf(await the.answer({ args: { name } }, asked, { approve: yes }));
    expect(failed.code).toBe('dependency_unavailable');
    expect(outputOf(await the.answer({ args: { name } }, asked, { approve: yes }))).toBeDefined();
    expect(await the.desk.approved(name)).toBe(1);
  });
});

describe('what comes back', () => {
  const key = () => `key-${name}`;
  const flip = (state: string, at: number) =>
    state.slice(0, at) + (state[at] === 'A' ? 'B' : 'A') + state.slice(at + 1);

  it.each<[string, (asked: Asked) => Partial<Asked>]>([
    ['a changed signature', ({ requestState }) => ({ requestState: flip(requestState, 10) })],
    ['a changed content', ({ requestState }) => ({ requestState: flip(requestState, 80) })],
    ['another version', ({ requestState }) => ({ requestState: `B${requestState.slice(1)}` })],
    ['a shorter state', ({ requestState }) => ({ requestState: requestState.slice(0, 40) })],
    ['a padded state', ({ requestState }) => ({ requestState: `${requestState}=` })],
    ['nonsense', () => ({ requestState: 'nonsense' })],
    ['nothing', () => ({ requestState: '' })],
    ['very much', () => ({ requestState: 'A'.repeat(100_000) })],
  ])('may not be %s', async (_what, change) => {
    const asked = await the.ask({ args: { name } });
    const answered = errorOf(
      await the.answer({ args: { name } }, { ...asked, ...change(asked) }, { approve: yes }),
    );
    expect(answered).toMatchObject({
      code: 'validation_error',
      retryable: false,
      hint: expect.stringContaining('Call approve_payment anew'),
      details: { issues: [{ path: '/requestState' }] },
    });
    expect(await the.desk.approved(name)).toBe(0);
  });

  it.each<[string, RawCall]>([
    ['other arguments', { args: { name: 'other' } }],
    ['another idempotency key', { args: { name, idempotency_key: 'another key' } }],
    ['another tool', { name: 'pay_out', args: { name: 'other', idempotency_key: 'another key' } }],
  ])('may not come with %s', async (_what, raw) => {
    const asked = await the.ask({ args: { name } });
    const args = { ...raw.args, ...(raw.args?.['name'] === undefined && { name }) };
    expect(errorOf(await the.answer({ ...raw, args }, asked, { approve: yes })).code).toBe(
      'validation_error',
    );
  });

  it.each([{ tenant: 'umbrella' }, { subject: 'eve' }, { client: 'evil' }])(
    'may not come from %p',
    async (who) => {
      const asked = await the.ask({ args: { name } });
      const by = await the.desk.token(who);
      const answered = await the.answer({ args: { name } }, asked, { approve: yes }, { by });
      expect(errorOf(answered).code).toBe('validation_error');
    },
  );

  it.each<[string, Record<string, unknown>, string]>([
    ['a question that was not asked', { other: yes }, '/inputResponses/other'],
    ['nothing known', { approve: { action: 'perhaps' } }, '/inputResponses/approve'],
    ['no field', { approve: { action: 'accept' } }, '/inputResponses/approve/content/approve'],
    [
      'the wrong type',
      { approve: { action: 'accept', content: { approve: 'true' } } },
      '/inputResponses/approve/content/approve',
    ],
    [
      'more than the form allows',
      { approve: { action: 'accept', content: { approve: true, note: 'x'.repeat(21) } } },
      '/inputResponses/approve/content/note',
    ],
  ])('may not the.answer with %s', async (_what, responses, path) => {
    const raw = { args: { name, idempotency_key: key() } };
    const asked = await the.ask(raw);
    const answered = errorOf(await the.answer(raw, asked, responses));
    expect(answered).toMatchObject({ code: 'validation_error', details: { issues: [{ path }] } });
    // It is not kept under the key: the right the.answer still counts.
    expect(outputOf(await the.answer(raw, asked, { approve: yes }))).toBeDefined();
    expect(await the.desk.approved(name)).toBe(1);
  });

  it('may not be answers alone', async () => {
    const answered = await call(the.here.url, the.token, {
      args: { name },
      params: { inputResponses: { approve: yes } },
    });
    expect(errorOf(answered)).toMatchObject({ details: { issues: [{ path: '/inputResponses/approve' }] } });
  });

  it('may not come too late, and then the same key asks anew', async () => {
    const hasty = await the.desk.startReplica({ ...KEYS, MCP_REQUEST_STATE_SECONDS: '1' });
    const raw = { args: { name, idempotency_key: key() } };
    const asked = await the.ask(raw, hasty.url);
    const late = await waitFor(async () => {
      const answered = await the.answer({ args: { ...raw.args, mode: 'plain' } }, asked, {
        approve: { action: 'x' },
      });
      const refusal = errorOf(answered);
      return refusal.error.includes('too late') ? refusal : undefined;
    });
    expect(late.code).toBe('validation_error');
    const again = await the.ask(raw);
    expect(outputOf(await the.answer(raw, again, { approve: yes }))).toBeDefined();
  });

  it('cannot be checked by a replica without keys in common', async () => {
    const lonely = await the.desk.startReplica();
    const asked = await the.ask({ args: { name } }, lonely.url);
    expect(errorOf(await the.answer({ args: { name } }, asked, { approve: yes })).code).toBe(
      'validation_error',
    );
    const same = await the.answer({ args: { name } }, asked, { approve: yes }, { url: lonely.url });
    expect(outputOf(same)).toBeDefined();
  });
});

describe('an external effect', () => {
  const raw = (args: object = {}) => ({
    name: 'pay_out',
    args: { name, idempotency_key: `key-${name}`, ...args },
  });
  const times = () => paidOut.filter((paid) => paid === name).length;

  it('happens once, after the answer', async () => {
    const asked = await the.ask(raw());
    expect(times()).toBe(0);
    expect(outputOf(await the.answer(raw(), asked, { approve: yes }))).toEqual({ name, said: ['yes'] });
    const replayed = errorOf(await the.answer(raw(), asked, { approve: yes }, { url: the.there.url }));
    expect(replayed.error).toBe('These answers have been used already.');
    expect(times()).toBe(1);
  });

  it('may need two answers', async () => {
    const first = await the.ask(raw({ two: true }));
    const second = askedOf(await the.answer(raw({ two: true }), first, { approve: yes }));
    expect(outputOf(await the.answer(raw({ two: true }), second, { confirm: yes }))).toBeDefined();
    expect(errorOf(await the.answer(raw({ two: true }), first, { approve: yes })).code).toBe(
      'validation_error',
    );
    expect(times()).toBe(1);
  });

  it('can be tried again with the same the.answer if it failed for now', async () => {
    const asked = await the.ask(raw());
    mood.failures = 1;
    expect(errorOf(await the.answer(raw(), asked, { approve: yes })).code).toBe('dependency_unavailable');
    expect(outputOf(await the.answer(raw(), asked, { approve: yes }))).toBeDefined();
    expect(times()).toBe(1);
  });
});
