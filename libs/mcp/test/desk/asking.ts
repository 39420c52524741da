import type { ErrorEnvelope } from '@gantry/errors';
import type { RawAnswer } from '@gantry/testing';
import { afterAll, beforeAll, beforeEach, expect } from '@jest/globals';
import { mood } from './approval-tools.ts';
import { startDesk, type Desk, type Replica } from './fixture.ts';
import { call, type RawCall } from './raw-call.ts';

/** The keys of one replica. */
export const KEYS = { MCP_REQUEST_STATE_KEYS: 'k'.repeat(32) };

/** Those of another one that has been told of a new key already. */
const ROTATED = { MCP_REQUEST_STATE_KEYS: `${'n'.repeat(32)}, ${'k'.repeat(32)}` };

/** A call that ended with questions. */
export interface Asked {
  readonly inputRequests: Record<string, { method: string; params: Record<string, unknown> }>;
  readonly requestState: string;
}

/** What a person may say. */
export const yes = { action: 'accept', content: { approve: true } };
/** What else. */
export const no = { action: 'accept', content: { approve: false } };

/** Two replicas that ask, for the tests of a file. */
export interface Asking {
  readonly desk: Desk;
  readonly here: Replica;
  /** Its keys have been rotated. */
  readonly there: Replica;
  readonly token: string;
  /** Calls and expects questions. */
  ask(raw: RawCall, url?: string): Promise<Asked>;
  /** Repeats a call with answers. */
  answer(
    raw: RawCall,
    asked: Pick<Asked, 'requestState'>,
    inputResponses: Record<string, unknown>,
    how?: { url?: string; by?: string },
  ): Promise<RawAnswer>;
}

/** Starts them. */
export function useAsking(): Asking {
  let [desk, here, there, token] = [] as unknown as [Desk, Replica, Replica, string];

  beforeAll(async () => {
    desk = await startDesk();
    here = await desk.startReplica(KEYS);
    there = await desk.startReplica(ROTATED);
    token = await desk.token();
  });
  beforeEach(() => {
    Object.assign(mood, { amount: '10 EUR', failures: 0, runs: 0 });
  });
  afterAll(() => desk.close());

  return {
    get desk() {
      return desk;
    },
    get here() {
      return here;
    },
    get there() {
      return there;
    },
    get token() {
      return token;
    },
    ask: async (raw, url = here.url) => askedOf(await call(url, token, raw)),
    answer: (raw, { requestState }, inputResponses, { url = here.url, by = token } = {}) =>
      call(url, by, { ...raw, params: { requestState, inputResponses } }),
  };
}

/** The questions that a call ended with. */
export function askedOf({ json }: RawAnswer): Asked {
  expect(json.result).toMatchObject({ resultType: 'input_required' });
  return json.result as unknown as Asked;
}

/** The error that a call ended with. */
export function errorOf({ json }: RawAnswer): ErrorEnvelope {
  expect(json.result).toMatchObject({ resultType: 'complete', isError: true });
  return json.result!['structuredContent'] as ErrorEnvelope;
}

/** The output of a call that was carried out. */
export function outputOf({ json }: RawAnswer): unknown {
  expect(json.result).toMatchObject({ resultType: 'complete' });
  expect(json.result).not.toHaveProperty('isError');
  return json.result!['structuredContent'];
}
