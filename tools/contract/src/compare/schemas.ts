import { isDeepStrictEqual } from 'node:util';
import { alternatives, isUnion, normal, withoutAnnotations, type Schema } from '../schema.ts';
import type { Difference } from './change.ts';
import { annotationDifferences, keywordDifferences } from './keywords.ts';
import { objectDifferences } from './objects.ts';
import { inside, narrower, other, wider, type Place } from './side.ts';

/**
 * What differs between two schemas of the same thing.
 *
 * Where it cannot tell, it says breaking: nothing that breaks somebody goes by as something else.
 */
export function schemaDifferences(
  before: Schema | boolean | undefined,
  after: Schema | boolean | undefined,
  place: Place,
): Difference[] {
  const [was, is] = [normal(before), normal(after)];
  if (isDeepStrictEqual(was, is)) return [];
  return [...annotationDifferences(was, is, place), ...ruleDifferences(was, is, place)];
}

function ruleDifferences(before: Schema, after: Schema, place: Place): Difference[] {
  const [was, is] = [withoutAnnotations(before), withoutAnnotations(after)];
  if (!isUnion(was) && !isUnion(is)) return plainDifferences(was, is, place);
  const parts = [alternatives(was), alternatives(is)];
  if (parts[0] && parts[1]) return unionDifferences(parts[0], parts[1], place);
  return isDeepStrictEqual(was, is) ? [] : [other(place, 'has changed, which may mean anything')];
}

function plainDifferences(before: Schema, after: Schema, place: Place): Difference[] {
  return [
    ...keywordDifferences(before, after, place),
    ...objectDifferences(before, after, place, schemaDifferences),
    ...schemaDifferences(before.items, after.items, inside(place, '[]')),
    ...schemaDifferences(propertyNames(before), propertyNames(after), inside(place, '{name}')),
  ];
}

/** What is the same in both drops out; the rest is compared in the order in which it is written. */
function unionDifferences(before: readonly Schema[], after: readonly Schema[], place: Place): Difference[] {
  const added = [...after];
  const texts: Difference[] = [];
  const removed = before.filter((one) => {
    const twin = added.findIndex((candidate) => isSame(one, candidate, place));
    if (twin === -1) return true;
    texts.push(...schemaDifferences(one, added[twin], place));
    added.splice(twin, 1);
    return false;
  });
  const pairs = Math.min(removed.length, added.length);
  return [
    ...texts,
    ...removed.slice(0, pairs).flatMap((one, index) => schemaDifferences(one, added[index], place)),
    ...removed.slice(pairs).map((one) => narrower(place, `can no longer be ${nameOf(one)}`)),
    ...added.slice(pairs).map((one) => wider(place, `can be ${nameOf(one)} now`)),
  ];
}

function isSame(one: Schema, another: Schema, place: Place): boolean {
  return schemaDifferences(one, another, place).every(({ kind }) => kind === 'wording');
}

function nameOf({ type, title, enum: values }: Schema): string {
  if (typeof title === 'string') return title;
  return values
    ? values.map((value) => JSON.stringify(value)).join(' or ')
    : [type ?? 'anything'].flat().join(' or ');
}

function propertyNames(schema: Schema): Schema | undefined {
  return schema['propertyNames'] as Schema | undefined;
}
