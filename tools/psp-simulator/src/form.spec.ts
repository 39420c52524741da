import { describe, expect, it } from '@jest/globals';
import { canonical, parseForm } from './form.ts';

/** As plain objects, to be compared. */
const plain = (text: string) => JSON.parse(JSON.stringify(parseForm(text))) as unknown;

describe('parseForm', () => {
  it.each([
    ['a=1&b=two%20words', { a: '1', b: 'two words' }],
    ['metadata[order]=7&metadata[who]=me', { metadata: { order: '7', who: 'me' } }],
    ['metadata%5Border%5D=7', { metadata: { order: '7' } }],
    ['types[0]=card&types[1]=cash', { types: { 0: 'card', 1: 'cash' } }],
    ['expand[]=a&expand[]=b', { expand: { 0: 'a', 1: 'b' } }],
    ['a[b][c]=1&a[b][d]=2', { a: { b: { c: '1', d: '2' } } }],
    ['a=1&a[b]=2', { a: { b: '2' } }],
    ['a[b=1', { 'a[b': '1' }],
    ['', {}],
  ])('reads %s', (text, form) => {
    expect(plain(text)).toEqual(form);
  });

  it('lets no key reach a prototype', () => {
    parseForm('__proto__[polluted]=yes&constructor[prototype][polluted]=yes');
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe('canonical', () => {
  it('does not care for the order of parameters, and for nothing else less', () => {
    const text = (form: string) => canonical(parseForm(form));
    expect(text('a=1&m[x]=2&m[y]=3')).toBe(text('m[y]=3&m[x]=2&a=1'));
    expect(text('a=1')).not.toBe(text('a=2'));
    expect(text('m[x]=1')).not.toBe(text('x=1'));
  });
});
