import { describe, expect, it } from '@jest/globals';
import { Progress } from './progress.ts';

describe('Progress', () => {
  it('counts the steps and tells how long each took and what came of it', async () => {
    let shown = '';
    const progress = new Progress(2, (text) => (shown += text));
    expect(await progress.step('Postgres', async () => 5432)).toBe(5432);
    await progress.step(
      'Demo data',
      async () => 12,
      (count) => `${count} countries`,
    );
    expect(shown).toMatch(/^\[1\/2\] Postgres … \d+\.\d s\n\[2\/2\] Demo data … \d+\.\d s, 12 countries\n$/);
  });

  it('says which step failed, and passes the failure on', async () => {
    let shown = '';
    const progress = new Progress(1, (text) => (shown += text));
    const failing = progress.step('Postgres', () => Promise.reject(new Error('no room')));
    await expect(failing).rejects.toThrow('no room');
    expect(shown).toBe('[1/1] Postgres … failed\n');
  });
});
