import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { parseExpectedFailures } from './expected-failures.ts';

describe('parseExpectedFailures', () => {
  it('takes the comment above an entry for its reason', () => {
    const text = `
# About the file.

server:
  # There is
  # no session.
  - ping
  # Other.
  - pong:check-id

vacuous:
  # It checks nothing.
  - peng
`;
    expect([...parseExpectedFailures(text)]).toEqual([
      ['ping', 'There is no session.'],
      ['pong:check-id', 'Other.'],
      ['peng', 'It checks nothing.'],
    ]);
  });

  it.each([
    ['has no reason', 'server:\n  - ping', 'ping has no comment'],
    ['has the reason of another', 'server:\n  # Because.\n  - ping\n  - pong', 'pong has no comment'],
    ['stands there twice', 'server:\n  # A.\n  - ping\n  # B.\n  - ping', 'ping stands there twice'],
    ['has a space in it', 'server:\n  # A.\n  - ping: check', 'neither a list nor an entry'],
    ['is in an unknown list', 'client:\n  # A.\n  - ping', 'neither a list nor an entry'],
  ])('refuses an entry that %s', (_what, text, message) => {
    expect(() => parseExpectedFailures(text)).toThrow(message);
  });

  const folder = new URL('../../expected-failures/', import.meta.url);
  it.each(readdirSync(folder))('reads %s', (file) => {
    const expected = parseExpectedFailures(readFileSync(new URL(file, folder), 'utf8'));
    expect(expected.size).toBeGreaterThan(0);
  });
});
