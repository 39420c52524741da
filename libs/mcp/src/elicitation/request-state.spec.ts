import { Secret, SigningKeys } from '@gantry/config';
import type { RunningCall } from '@gantry/pipeline';
import { describe, expect, it } from '@jest/globals';
import { MAX_STATE_LENGTH, RequestStates, type CallState } from './request-state.ts';

const call = {
  tool: { name: 'pay' },
  principal: { tenant: 'acme', subject: 'ada', client: 'agent' },
  idempotencyKey: 'key-0001',
  input: { amount: 1, currency: 'EUR' },
} as unknown as RunningCall;

const inSeconds = (seconds: number) => Math.floor(Date.now() / 1_000) + seconds;
const state = (more: Partial<CallState> = {}): CallState => ({
  id: 'one',
  expiresAt: inSeconds(60),
  questions: { approve: { digest: 'd', answer: { action: 'accept', content: { yes: 'ж' } } } },
  ...more,
});

const [older, newer] = ['o'.repeat(32), 'n'.repeat(32)];
const statesWith = (keys?: string) =>
  new RequestStates(new SigningKeys(keys === undefined ? undefined : Secret.of(keys)));

describe('RequestStates', () => {
  it('opens what it has sealed for the same call, however its arguments are ordered', () => {
    const states = statesWith();
    const sealed = states.seal(call, state())!;
    const again = { ...call, input: { currency: 'EUR', amount: 1 } };
    expect(states.open(again, sealed)).toEqual(state());
  });

  it.each<[string, Partial<RunningCall>]>([
    ['tool', { tool: { name: 'refund' } as never }],
    ['arguments', { input: { amount: 2, currency: 'EUR' } }],
    ['key', { idempotencyKey: 'key-0002' }],
    ['use of a key', { idempotencyKey: undefined }],
    ['tenant', { principal: { ...call.principal, tenant: 'umbrella' } }],
    ['subject', { principal: { ...call.principal, subject: 'eve' } }],
    ['client', { principal: { ...call.principal, client: 'evil' } }],
  ])('does not open it for another %s', (_what, other) => {
    const states = statesWith();
    expect(states.open({ ...call, ...other }, states.seal(call, state())!)).toBeUndefined();
  });

  it('does not open it with any bit changed', () => {
    const states = statesWith();
    const bytes = Buffer.from(states.seal(call, state())!, 'base64url');
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes);
      changed[at]! ^= 1;
      expect(states.open(call, changed.toString('base64url'))).toBeUndefined();
    }
  });

  it('does not open it when its time is over', () => {
    const states = statesWith();
    expect(states.open(call, states.seal(call, state({ expiresAt: inSeconds(-1) }))!)).toBeUndefined();
  });

  it('does not seal what is longer than it would open', () => {
    const states = statesWith();
    const question = (length: number) => ({
      approve: { digest: 'd', answer: { action: 'accept' as const, content: { text: 'x'.repeat(length) } } },
    });
    expect(states.seal(call, state({ questions: question(MAX_STATE_LENGTH) }))).toBeUndefined();
    const longest = states.seal(call, state({ questions: question(48_000) }))!;
    expect(states.open(call, longest)).toBeDefined();
  });

  it('signs with the first key and verifies with all', () => {
    const rotated = statesWith(`${newer},${older}`);
    expect(rotated.open(call, statesWith(older).seal(call, state())!)).toBeDefined();
    expect(statesWith(newer).open(call, rotated.seal(call, state())!)).toBeDefined();
    expect(statesWith(older).open(call, rotated.seal(call, state())!)).toBeUndefined();
  });

  it('has a key of its own without a setting', () => {
    expect(statesWith().open(call, statesWith().seal(call, state())!)).toBeUndefined();
  });
});
