import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { UriTemplate } from './uri-template.ts';

const template = new UriTemplate('notes://folders/{folder}/notes/{id}');

describe('UriTemplate', () => {
  it('knows its variables, in order', () => {
    expect(template.variables).toEqual(['folder', 'id']);
  });

  it('takes any text as the value of a variable, and gives it back', () => {
    const value = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(value, value, (folder, id) => {
        const uri = template.expand({ folder, id });
        expect(uri).toMatch(/^notes:\/\/folders\/[A-Za-z0-9\-._~%]+\/notes\/[A-Za-z0-9\-._~%]+$/);
        expect(template.match(uri)).toEqual({ folder, id });
      }),
    );
  });

  it('takes any text as a URI without throwing', () => {
    fc.assert(fc.property(fc.string(), (uri) => void template.match(`notes://folders/${uri}`)));
  });

  it.each([
    'notes://folders/a/notes/',
    'notes://folders/a/notes/b/c',
    'notes://folders/a/other/b',
    'other://folders/a/notes/b',
    'notes://folders/%/notes/b',
    'notes://folders/%c3/notes/b',
    'notes://folders/a?b/notes/c',
    `notes://folders/a/notes/${'b'.repeat(2_048)}`,
  ])('does not match %.60s', (uri) => {
    expect(template.match(uri)).toBeUndefined();
  });

  it('says which templates match the same', () => {
    expect(new UriTemplate('a://b/{c}').shape).toBe(new UriTemplate('a://b/{d}').shape);
    expect(new UriTemplate('a://b/{c}').shape).not.toBe(new UriTemplate('a://c/{c}').shape);
  });

  it.each([
    ['a://b/c', 'has no variable'],
    ['a://b/{c}/{c}', 'twice'],
    ['a://b/{c}-{d}', 'whole path segment'],
    ['a://b/{+c}', 'whole path segment'],
    ['a://b{?c}', 'whole path segment'],
    ['a://b/{c', 'whole path segment'],
    ['a://{b}', 'scheme and host'],
    ['/b/{c}', 'scheme and host'],
  ])('refuses %s', (text, why) => {
    expect(() => new UriTemplate(text)).toThrow(why);
  });
});
