import { describe, expect, it } from '@jest/globals';
import { inspect } from 'node:util';
import { Secret } from './secret.ts';

describe('Secret', () => {
  it('reveals itself only when asked for its value', () => {
    const secret = Secret.of('correct horse');
    expect(secret.value()).toBe('correct horse');
    const shown = [
      String(secret),
      `${secret}`,
      [secret].join(),
      JSON.stringify({ secret }),
      inspect(secret, { showHidden: true, depth: null }),
      inspect({ nested: [secret] }),
      JSON.stringify({ ...secret }),
      JSON.stringify(structuredClone({ ...secret })),
      inspect(Object.getOwnPropertyDescriptors(secret), { showHidden: true }),
    ];
    for (const text of shown) expect(text).not.toContain('horse');
    expect(String(secret)).toBe('[redacted]');
    expect(JSON.stringify({ secret })).toBe('{"secret":"[redacted]"}');
    expect(inspect(secret)).toBe('[redacted]');
  });

  it('tells its listeners about a new value, and only about a new one', () => {
    const secret = Secret.of('old');
    const heard: string[] = [];
    const stop = secret.onRotate((value) => heard.push(value));
    secret.rotate('old');
    secret.rotate('new');
    stop();
    secret.rotate('newer');
    expect(heard).toEqual(['new']);
    expect(secret.value()).toBe('newer');
  });

  it('calls every listener even if one throws', () => {
    const secret = Secret.of('old');
    const failure = new Error('pool is closed');
    const heard: string[] = [];
    secret.onRotate(() => {
      throw failure;
    });
    secret.onRotate((value) => heard.push(value));
    expect(() => secret.rotate('new')).toThrow(AggregateError);
    expect(heard).toEqual(['new']);
    expect(secret.value()).toBe('new');
  });

  it('lets a listener stop itself while it is being told', () => {
    const secret = Secret.of('old');
    const heard: string[] = [];
    const stop = secret.onRotate((value) => {
      heard.push(value);
      stop();
    });
    secret.rotate('new');
    secret.rotate('newer');
    expect(heard).toEqual(['new']);
  });
});
