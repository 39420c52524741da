import { describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fleet } from '../fleet/fleet.ts';
import { strikeAgain } from './strike-again.ts';

const FLEET = {} as Fleet;

describe('strikeAgain', () => {
  it('strikes by turns, one after the other, until it is over, and then waits until all is whole', async () => {
    const over = new AbortController();
    const struck: string[] = [];
    let underWay = 0;
    let most = 0;
    const strike = async (_: Fleet, turn: number) => {
      most = Math.max(most, ++underWay);
      if (turn === 2) over.abort();
      await sleep(5);
      underWay -= 1;
      return `turn ${turn}`;
    };
    await strikeAgain({ name: 'some', betweenMs: [0, 2], strike }, FLEET, over.signal, struck);
    expect(struck).toEqual(['turn 0', 'turn 1', 'turn 2']);
    expect([most, underWay]).toEqual([1, 0]);
  });

  it('has no more strikes under way at once than it may', async () => {
    const over = new AbortController();
    const struck: string[] = [];
    let underWay = 0;
    let most = 0;
    const strike = async (_: Fleet, turn: number) => {
      most = Math.max(most, ++underWay);
      if (turn === 8) over.abort();
      await sleep(20);
      underWay -= 1;
      return 'any';
    };
    await strikeAgain({ name: 'some', betweenMs: [0, 1], atOnce: 2, strike }, FLEET, over.signal, struck);
    expect([most, struck.length]).toEqual([2, 9]);
  });

  it('ends at once when something could not be made whole again', async () => {
    const strike = () => Promise.reject(new Error('it does not start'));
    const { signal } = new AbortController();
    const striking = strikeAgain({ name: 'some', betweenMs: [0, 1], strike }, FLEET, signal, []);
    await expect(striking).rejects.toThrow('it does not start');
  });
});
