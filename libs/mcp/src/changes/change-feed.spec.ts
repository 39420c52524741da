import { describe, expect, it } from '@jest/globals';
import { setImmediate as turn } from 'node:timers/promises';
import { ChangeFeed } from './change-feed.ts';

/** Listeners of two tenants, who note that they were told of a miss. */
function listening() {
  const feed = new ChangeFeed();
  const told: string[] = [];
  const leave = ['a', 'b', 'c'].map((name) =>
    feed.listen(name === 'c' ? 'globex' : 'acme', { changed: () => {}, missed: () => told.push(name) }),
  );
  return { feed, told, leaveB: leave[1]! };
}

describe('that changes may have been missed', () => {
  it('is told to everybody, one in each turn of the event loop', async () => {
    const { feed, told } = listening();
    const afterEachTurn: number[] = [];
    feed.tellMissed();
    for (let turns = 0; turns < 4; turns++) {
      afterEachTurn.push(told.length);
      await turn();
    }
    expect(afterEachTurn).toEqual([1, 2, 3, 3]);
    expect(told).toEqual(['a', 'b', 'c']);
  });

  it('is not told to who has left meanwhile', async () => {
    const { feed, told, leaveB } = listening();
    feed.tellMissed();
    leaveB();
    for (let turns = 0; turns < 4; turns++) await turn();
    expect(told).toEqual(['a', 'c']);
  });

  it('is told once more to those only who were told before it happened again', async () => {
    const { feed, told } = listening();
    feed.tellMissed();
    feed.tellMissed();
    for (let turns = 0; turns < 6; turns++) await turn();
    expect(told).toEqual(['a', 'b', 'c', 'a']);
    feed.tellMissed();
    for (let turns = 0; turns < 4; turns++) await turn();
    expect(told.slice(4)).toEqual(['a', 'b', 'c']);
  });
});
