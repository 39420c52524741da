import { describe, expect, it } from '@jest/globals';
import { selfTimes, type CpuProfile } from './self-times.ts';

const frame = (functionName: string, lineNumber: number) => ({
  functionName,
  url: 'file:///a.js',
  lineNumber,
  columnNumber: 0,
});

describe('selfTimes', () => {
  it('adds up the samples of a function, from wherever it was called, most first', () => {
    const profile: CpuProfile = {
      nodes: [
        { id: 1, callFrame: frame('parse', 3) },
        { id: 2, callFrame: frame('', 7) },
        { id: 3, callFrame: frame('parse', 3) },
      ],
      samples: [1, 2, 3, 2],
      timeDeltas: [100, 10, 50, 20],
    };
    expect(selfTimes(profile, ({ lineNumber }) => `a.js:${lineNumber + 1}`)).toEqual([
      { name: 'parse', place: 'a.js:4', micros: 150 },
      { name: '(anonymous)', place: 'a.js:8', micros: 30 },
    ]);
  });
});
