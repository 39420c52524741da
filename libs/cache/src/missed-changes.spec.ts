import { Log } from '@gantry/observability';
import { waitFor } from '@gantry/testing';
import { describe, expect, it } from '@jest/globals';
import { MissedChanges } from './missed-changes.ts';

function recorded() {
  const written: string[] = [];
  const log = Log.create({ destination: { write: (line) => void written.push(line) } });
  return { log, levels: () => written.map((line) => (JSON.parse(line) as { level: string }).level) };
}

describe('missed changes', () => {
  it('are made up for as soon as Redis is there, and said once', async () => {
    const { log, levels } = recorded();
    const redis = { available: false, dropped: 0, dropAll: async () => void redis.dropped++ };
    const missed = new MissedChanges(redis, log);
    for (let changes = 0; changes < 3; changes++) missed.add();
    expect(missed.any).toBe(true);
    expect(levels()).toEqual(['warn']);

    redis.available = true;
    await waitFor(() => !missed.any);
    expect(redis.dropped).toBe(1);
    expect(levels()).toEqual(['warn', 'info']);
  });

  it('that come while Redis is being told are told of, too', async () => {
    let dropped = 0;
    const redis = {
      available: true,
      async dropAll() {
        if (++dropped === 1) missed.add();
      },
    };
    const missed = new MissedChanges(redis, Log.silent());
    missed.add();
    await waitFor(() => !missed.any);
    expect(dropped).toBe(2);
  });

  it('stay while Redis refuses', async () => {
    let attempts = 0;
    const redis = {
      available: true,
      async dropAll() {
        if (++attempts < 3) throw new Error('READONLY');
      },
    };
    const missed = new MissedChanges(redis, Log.silent());
    missed.add();
    await waitFor(() => attempts === 2);
    expect(missed.any).toBe(true);
    await waitFor(() => !missed.any);
    expect(attempts).toBe(3);
  });

  it('are given up when the process ends', async () => {
    const { log, levels } = recorded();
    let asked = 0;
    const redis = {
      get available() {
        asked++;
        return false;
      },
      dropAll: async () => {},
    };
    const missed = new MissedChanges(redis, log);
    missed.add();
    missed.stop();
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(asked).toBe(1);
    expect(levels()).toEqual(['warn']);
  });

  it('are none when the process ends and its own connection with it', () => {
    const { log, levels } = recorded();
    const missed = new MissedChanges({ available: false, dropAll: async () => {} }, log);
    missed.stop();
    missed.add();
    expect(missed.any).toBe(false);
    expect(levels()).toEqual([]);
  });
});
