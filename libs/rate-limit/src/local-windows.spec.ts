import { describe, expect, it } from '@jest/globals';
import { LocalWindows } from './local-windows.ts';

function windows(limit: number, capacity = 100) {
  const clock = { now: 0 };
  return { clock, local: new LocalWindows(limit, capacity, () => clock.now) };
}

function passes(local: LocalWindows, key: string, calls: number): number {
  return Array.from({ length: calls }, () => local.take(key)).filter((wait) => wait === 0).length;
}

describe('LocalWindows', () => {
  it('lets as many calls pass as the limit says, for each key', () => {
    const { local } = windows(3);
    expect(passes(local, 'a', 10)).toBe(3);
    expect(passes(local, 'b', 10)).toBe(3);
  });

  it('says how long to wait: until a minute after the first call', () => {
    const { local, clock } = windows(2);
    local.take('a');
    clock.now = 20_000;
    local.take('a');
    expect(local.take('a')).toBe(40_000);
    clock.now = 59_999;
    expect(local.take('a')).toBe(1);
    clock.now = 60_000;
    expect(passes(local, 'a', 10)).toBe(2);
    expect(local.take('a')).toBe(60_000);
  });

  it('looks without counting', () => {
    const { local, clock } = windows(1);
    expect(local.wait('a')).toBe(0);
    expect(local.wait('a')).toBe(0);
    local.take('a');
    expect(local.wait('a')).toBe(60_000);
    clock.now = 60_001;
    expect(local.wait('a')).toBe(0);
  });

  it('goes on from what Redis knew', () => {
    const { local, clock } = windows(10);
    local.learn('a', 7, 5_000);
    expect(passes(local, 'a', 10)).toBe(3);
    expect(local.take('a')).toBe(5_000);
    clock.now = 5_000;
    expect(passes(local, 'a', 20)).toBe(10);
  });

  it('takes the word of Redis over its own', () => {
    const { local, clock } = windows(10);
    passes(local, 'a', 10);
    local.learn('a', 4, 30_000);
    expect(passes(local, 'a', 10)).toBe(6);
    clock.now = 30_000;
    local.learn('a', 9, 60_000);
    expect(passes(local, 'a', 10)).toBe(1);
  });

  it('remembers no more windows than it may, and forgets the oldest', () => {
    const { local } = windows(1, 4);
    const known = (keys: string) => [...keys].filter((key) => local.wait(key) > 0).join('');
    for (const key of 'abcd') local.take(key);
    expect(known('abcd')).toBe('abcd');
    local.take('e');
    expect(known('abcde')).toBe('cde');
  });

  it('remembers a window that began anew as the youngest', () => {
    const { local, clock } = windows(1, 4);
    for (const key of 'ab') local.take(key);
    clock.now = 60_000;
    for (const key of 'ca') local.take(key);
    local.take('d');
    expect([...'abcd'].map((key) => local.wait(key) > 0)).toEqual([true, false, true, true]);
  });
});
