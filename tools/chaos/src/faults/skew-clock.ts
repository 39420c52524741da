import type { Fleet } from '../fleet/fleet.ts';
import type { Fault } from './fault.ts';
import { byTurns, wait, type Range } from './wait.ts';

const LASTING: Range = [1_500, 3_000];

/** What is wrong with new tokens, by turns; services allow clocks to be 30 s apart. */
const WAYS: readonly (readonly [name: string, begin: (fleet: Fleet) => Promise<void> | void])[] = [
  ['ahead', ({ tokens }) => tokens.become({ aheadSeconds: 120, mustBe: 'refused' })],
  ['behind', ({ tokens }) => tokens.become({ aheadSeconds: -60, lifeSeconds: 15, mustBe: 'refused' })],
  ['a bit ahead', ({ tokens }) => tokens.become({ aheadSeconds: 20, mustBe: 'accepted' })],
  ['a bit behind', ({ tokens }) => tokens.become({ aheadSeconds: -20, lifeSeconds: 15, mustBe: 'accepted' })],
  // With the 30 s that clocks may be apart, each is good for one second.
  ['short-lived', ({ tokens }) => tokens.become({ aheadSeconds: -30, lifeSeconds: 1, mustBe: 'either' })],
  ['new key', ({ tokens }) => tokens.rotate()],
  ['old key withdrawn', ({ tokens }) => tokens.rotate({ forgetFormer: true })],
];

/** The clock of the authorization server is wrong, or it changes its keys: tokens are refused, rightly or never. */
export const skewClock: Fault = {
  name: 'clock',
  betweenMs: [200, 1_000],
  ways: WAYS.length,
  isFelt: ({ refused }) => refused > 0,
  async strike(fleet, turn) {
    const [name, begin] = byTurns(WAYS, turn);
    await begin(fleet);
    await wait(LASTING);
    fleet.tokens.become(undefined);
    return name;
  },
};
