import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { pageInput, pageOutput } from './page-schema.ts';

const input = z.strictObject({ ...pageInput, status: z.enum(['open', 'closed']).optional() });
const item = z.object({ id: z.string(), name: z.string(), note: z.string().optional() });

describe('pageInput', () => {
  it('asks for 20 items if nothing is said', () => {
    expect(input.parse({})).toEqual({ limit: 20 });
  });

  it.each([
    ['a limit of 0', { limit: 0 }],
    ['a limit of 101', { limit: 101 }],
    ['half an item', { limit: 1.5 }],
    ['a limit as text', { limit: '20' }],
    ['an empty cursor', { cursor: '' }],
    ['a cursor that is too long', { cursor: 'x'.repeat(2_049) }],
    ['no fields at all', { fields: [] }],
    ['an empty name', { fields: [''] }],
    ['a name that is too long', { fields: ['x'.repeat(129)] }],
    ['too many names', { fields: Array.from({ length: 51 }, (_, index) => `f${index}`) }],
  ])('refuses %s', (_, value) => {
    expect(input.safeParse(value).success).toBe(false);
  });

  it('describes every field and bounds it in JSON Schema', () => {
    const { properties } = z.toJSONSchema(z.object(pageInput), { io: 'input' });
    expect(properties).toMatchObject({
      limit: { minimum: 1, maximum: 100, default: 20, description: expect.any(String) },
      cursor: { maxLength: 2_048, description: expect.stringContaining('unchanged') },
      fields: { maxItems: 50, items: { maxLength: 128 }, description: expect.any(String) },
    });
  });
});

describe('pageOutput', () => {
  const full = { id: 'a', name: 'A' };

  it('holds complete items', () => {
    const output = pageOutput(item);
    expect(output.parse({ items: [full], has_more: true, next_cursor: 'c' }).items).toEqual([full]);
    expect(output.safeParse({ items: [{ id: 'a' }], has_more: false }).success).toBe(false);
  });

  it('holds items reduced by fields, but never without what is always there', () => {
    const output = pageOutput(item, ['id']);
    const { items } = output.parse({ items: [{ id: 'a' }, full], has_more: false });
    const [first]: { id: string; name?: string }[] = items; // the types say the same
    expect(first).toEqual({ id: 'a' });
    expect(output.safeParse({ items: [{ name: 'A' }], has_more: false }).success).toBe(false);
  });

  it('keeps the descriptions of the item for JSON Schema', () => {
    const described = z.object({ id: z.string().describe('the id'), name: z.string().describe('the name') });
    const schema = z.toJSONSchema(pageOutput(described, ['id']));
    expect(schema).toMatchObject({
      required: ['items', 'has_more'],
      properties: {
        items: { items: { required: ['id'], properties: { name: { description: 'the name' } } } },
      },
    });
  });
});
