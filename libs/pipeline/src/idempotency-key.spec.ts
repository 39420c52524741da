import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { idempotencyKey } from './idempotency-key.ts';

describe('idempotencyKey', () => {
  it.each(['8 chars!', 'a'.repeat(200), '3f8e2c1a-7d4b-4f7e-9a53-0c6f5d1e2b7a', 'Bestellung für Zoë 🙂'])(
    'takes %j',
    (key) => {
      expect(idempotencyKey.parse(key)).toBe(key);
    },
  );

  it.each([
    '7 chars',
    'a'.repeat(201),
    'with\0nul character',
    'two\nlines of text',
    'delete\u007fcharacter',
    12345678,
    null,
  ])('refuses %j', (key) => {
    expect(idempotencyKey.safeParse(key).success).toBe(false);
  });

  it('says the same in JSON Schema, and tells a model to keep the key', () => {
    const schema = z.toJSONSchema(idempotencyKey);
    expect(schema).toMatchObject({ type: 'string', minLength: 8, maxLength: 200 });
    expect(new RegExp(schema.pattern!).test('with\0nul character')).toBe(false);
    expect(schema.description).toContain('send the same key');
    expect(schema.description).not.toContain('unique');
  });
});
