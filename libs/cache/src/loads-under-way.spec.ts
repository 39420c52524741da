import { describe, expect, it } from '@jest/globals';
import { LoadsUnderWay } from './loads-under-way.ts';

describe('loads under way', () => {
  it('are joined by those who ask for the same, until they are over', async () => {
    const loads = new LoadsUnderWay();
    let count = 0;
    const load = async () => String(++count);
    expect(await Promise.all([loads.join('x', load), loads.join('x', load), loads.join('y', load)])).toEqual([
      '1',
      '1',
      '2',
    ]);
    expect(await loads.join('x', load)).toBe('3');
  });

  it('that fail do so for their own caller alone', async () => {
    const loads = new LoadsUnderWay();
    const first = loads.join('x', () => Promise.reject(new Error('aborted')));
    const others = [loads.join('x', async () => 'a'), loads.join('x', async () => 'b')];
    await expect(first).rejects.toThrow('aborted');
    expect(await Promise.all(others)).toEqual(['a', 'b']);
    expect(await loads.join('x', async () => 'c')).toBe('c');
  });
});
