import { setTimeout as sleep } from 'node:timers/promises';
import { APPROVAL_THRESHOLD, STATE_SECONDS } from '../fleet/fleet.ts';
import { outputOf, responseOf } from '../judge/rpc.ts';
import type { Answer } from '../wire/input.ts';
import { key } from '../plants/plant.ts';
import type { Trial } from '../session.ts';
import { refused, type Arena, type Attack } from './attack.ts';

const FAMILY = 'request state forging';
const YES = { approval: { action: 'accept', content: { approve: true } } };
const REFUSED = refused('validation_error');

/** A person's approval that was never given, was given for something else, to somebody else, or too long ago. */
export const requestStateForging: Attack = {
  name: FAMILY,
  services: ['payments'],
  async run(arena) {
    const { session, fleet } = arena;
    const charged = () => fleet.simulator.effects({ kind: 'charged' }).length;
    const args = payment();
    const state = await asked(arena, args);
    const before = charged();
    await session.sendAll(forged(arena, args, state));
    await sleep(STATE_SECONDS * 1_000 + 1_100);
    await session.send(answer(arena, 'too late', args, state), REFUSED);
    if (charged() !== before)
      session.score.find('wrong', 'money was taken without approval', undefined, FAMILY);
    await onlyOnce(arena);
  },
};

function* forged(arena: Arena, args: object, state: string): Generator<Trial> {
  const { random, colleague } = arena;
  for (let times = 0; times < 80; times += 1) {
    const bytes = Buffer.from(state, 'base64url');
    bytes[random.between(0, bytes.length - 1)]! ^= 1 << random.between(0, 7);
    yield [answer(arena, 'a bit changed', args, bytes.toString('base64url')), REFUSED];
  }
  for (let length = 0; length < state.length; length += 7)
    yield [answer(arena, `cut to ${length}`, args, state.slice(0, length)), REFUSED];
  for (const other of ['', 'A', 'A'.repeat(100_000), '{}', state + state, `${state}=`, '\0', '__proto__'])
    yield [answer(arena, `state ${other.slice(0, 10)}`, args, other), REFUSED];
  yield [answer(arena, 'for more money', { ...args, amount: APPROVAL_THRESHOLD * 9 }, state), REFUSED];
  yield [
    answer(arena, 'for another method', { ...args, payment_method: 'pm_card_mastercard' }, state),
    REFUSED,
  ];
  yield [answer(arena, 'under another key', { ...args, idempotency_key: key() }, state), REFUSED];
  yield [answer(arena, 'for another tool', args, state, { tool: 'authorize_payment' }), REFUSED];
  yield [answer(arena, 'by a colleague', args, state, { token: colleague }), REFUSED];
  for (const responses of [
    { approval: { action: 'accept', content: { approve: 'yes' } } },
    { approval: { action: 'accept', content: { approve: 1 } } },
    { approval: { action: 'accept' } },
    { approval: { action: 'sudo' } },
    { approval: [] },
    { other: YES.approval },
    { __proto__: null, constructor: YES.approval },
    Object.fromEntries(Array.from({ length: 2_000 }, (_, index) => [`k${index}`, YES.approval])),
  ])
    yield [answer(arena, 'an answer that fits no form', args, state, { responses }), notDone];
  // Without a state nothing was asked, so nothing was answered.
  yield [answer(arena, 'no state', args, undefined), refused('validation_error')];
}

/** Refused, or asked anew. */
function notDone(reply: Answer): string | undefined {
  return outputOf(reply) ? 'it was carried out' : undefined;
}

/** The same answers at once: they count once. */
async function onlyOnce(arena: Arena): Promise<void> {
  const args = payment();
  const state = await asked(arena, args);
  const charged = () => arena.fleet.simulator.effects({ kind: 'charged' }).length;
  const before = charged();
  await Promise.all(
    Array.from({ length: 10 }, () =>
      arena.session.send(answer(arena, 'the same answers at once', args, state)),
    ),
  );
  const times = charged() - before;
  if (times !== 1)
    arena.session.score.find('wrong', `one approval was worth ${times} charges`, undefined, FAMILY);
}

/** What a call that has to be approved ends with. */
async function asked({ session }: Arena, args: object): Promise<string> {
  const first = await session.send(session.call('process_payment', args, { family: FAMILY, what: 'asked' }));
  const state = responseOf(first)?.result?.['requestState'];
  if (typeof state !== 'string') throw new Error(`Nothing was asked: ${first.text}`);
  return state;
}

function answer(
  { session }: Arena,
  what: string,
  args: object,
  requestState: string | undefined,
  {
    tool = 'process_payment',
    token = session.subject.token,
    responses = YES,
  }: { tool?: string; token?: string; responses?: object } = {},
) {
  const params = {
    name: tool,
    arguments: args,
    inputResponses: responses,
    ...(requestState !== undefined && { requestState }),
  };
  return session.request('tools/call', params, { family: FAMILY, what, token });
}

function payment() {
  const amount = APPROVAL_THRESHOLD + 1;
  return {
    amount,
    currency: 'EUR',
    payment_method: 'pm_card_visa',
    description: 'large',
    idempotency_key: key(),
  };
}
