import { setImmediate as tick } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { Turns } from './turns.ts';

const never = new AbortController().signal;

function inMs(milliseconds: number): number {
  return performance.now() + milliseconds;
}

describe('Turns', () => {
  it('lets calls with the same key go one after the other, in the order they came', async () => {
    const turns = new Turns();
    const events: string[] = [];
    const call = async (name: string): Promise<void> => {
      const end = await turns.take('key', inMs(10_000), never);
      events.push(`${name} begins`);
      await tick();
      events.push(`${name} ends`);
      end();
    };
    await Promise.all(['a', 'b', 'c'].map(call));
    expect(events).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  });

  it('lets calls with different keys go at once', async () => {
    const turns = new Turns();
    await turns.take('one', inMs(10_000), never);
    await turns.take('other', inMs(10_000), never);
  });

  it('lets a call go on without its turn when it has waited long enough', async () => {
    const turns = new Turns();
    const end = await turns.take('key', inMs(0), never);
    const endOfSecond = await turns.take('key', inMs(20), never);
    // It had no turn, so its end does not begin anybody else's.
    endOfSecond();
    let thirdHasTurn = false;
    const third = turns.take('key', inMs(10_000), never).then(() => (thirdHasTurn = true));
    await tick();
    expect(thirdHasTurn).toBe(false);
    end();
    await third;
  });

  it('does not wait at all if the time is over', async () => {
    const turns = new Turns();
    await turns.take('key', inMs(0), never);
    await turns.take('key', Number.NEGATIVE_INFINITY, never);
  });

  it('stops waiting when the call is aborted, or was before', async () => {
    const turns = new Turns();
    await turns.take('key', inMs(0), never);
    const leaving = new AbortController();
    const waiting = turns.take('key', inMs(60_000), leaving.signal);
    leaving.abort();
    await waiting;
    await turns.take('key', inMs(60_000), leaving.signal);
  });

  it('forgets a key when its last turn has ended', async () => {
    const turns = new Turns();
    (await turns.take('key', inMs(0), never))();
    const end = await turns.take('key', Number.NEGATIVE_INFINITY, never);
    end();
  });
});
