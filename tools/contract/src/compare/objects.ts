import type { Schema } from '../schema.ts';
import type { Difference } from './change.ts';
import { inside, narrower, other, wider, type Place } from './side.ts';

type Compare = (
  before: Schema | boolean | undefined,
  after: Schema | boolean | undefined,
  place: Place,
) => Difference[];

/** Differences of what a schema says of the properties of an object. */
export function objectDifferences(
  before: Schema,
  after: Schema,
  place: Place,
  compare: Compare,
): Difference[] {
  const names = new Set(
    [before, after].flatMap(({ properties, required }) => [
      ...Object.keys(properties ?? {}),
      ...(required ?? []),
    ]),
  );
  return [
    ...[...names].flatMap((name) => propertyDifferences(name, before, after, inside(place, name), compare)),
    ...restDifferences(before, after, place, compare),
  ];
}

function propertyDifferences(
  name: string,
  before: Schema,
  after: Schema,
  place: Place,
  compare: Compare,
): Difference[] {
  const [was, is] = [propertyOf(before, name), propertyOf(after, name)];
  if (was !== undefined && is === undefined) return [other(place, 'is gone')];
  if (was === undefined && is !== undefined)
    return newProperty(before, is, isRequired(after, name), place, compare);
  return [...compare(was, is, place), ...requiredDifferences(name, before, after, place)];
}

/**
 * To whoever reads, a new property is nothing that has to be followed, although strictly there is more than before:
 * otherwise no answer could ever say more.
 */
function newProperty(
  before: Schema,
  is: Schema,
  mustBeSent: boolean,
  place: Place,
  compare: Compare,
): Difference[] {
  if (place.side === 'input' && mustBeSent) return [other(place, 'is new and required')];
  const open = before.additionalProperties !== false;
  const clashes =
    open && compare(before.additionalProperties, is, place).some(({ kind }) => kind === 'breaking');
  return clashes
    ? [other(place, 'is new, and is not what any other property could be')]
    : [{ kind: 'additive', what: `${place.path}: is new` }];
}

function requiredDifferences(name: string, before: Schema, after: Schema, place: Place): Difference[] {
  const [was, is] = [isRequired(before, name), isRequired(after, name)];
  if (was === is) return [];
  return [is ? narrower(place, 'is required now') : wider(place, 'is no longer required')];
}

/** Properties that are not named. */
function restDifferences(before: Schema, after: Schema, place: Place, compare: Compare): Difference[] {
  const [was = true, is = true] = [before.additionalProperties, after.additionalProperties];
  if (was === false && is !== false)
    return [{ kind: 'additive', what: `${place.path}: may have other properties` }];
  if (was !== false && is === false) return [narrower(place, 'may no longer have other properties')];
  return compare(was, is, inside(place, '*'));
}

/** Of an object that has it: a name like `constructor` is no property by itself. */
function propertyOf({ properties = {} }: Schema, name: string): Schema | undefined {
  return Object.hasOwn(properties, name) ? properties[name] : undefined;
}

function isRequired({ required = [] }: Schema, name: string): boolean {
  return required.includes(name);
}
