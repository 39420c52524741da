import { isDeepStrictEqual } from 'node:util';
import { ANNOTATIONS, type Schema } from '../schema.ts';
import { missingFrom, shown, type Difference } from './change.ts';
import { narrower, other, wider, type Place } from './side.ts';

/** The more, the fewer values. */
const LOWER_BOUNDS = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties'];

/** The more, the more values. */
const UPPER_BOUNDS = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties'];

/** Rule out values by being there. Two of them cannot be compared. */
const FILTERS = ['pattern', 'format', 'multipleOf', 'uniqueItems'];

/** Compared elsewhere, by what they say of parts. */
const STRUCTURE = [
  ...['properties', 'required', 'additionalProperties', 'propertyNames', 'items', 'anyOf', 'oneOf'],
  ...['type', 'enum'],
];

const KNOWN = new Set([...LOWER_BOUNDS, ...UPPER_BOUNDS, ...FILTERS, ...STRUCTURE, ...ANNOTATIONS]);

/** Differences of the rules for a value as a whole. */
export function keywordDifferences(before: Schema, after: Schema, place: Place): Difference[] {
  return [
    ...typeDifferences(before, after, place),
    ...enumDifferences(before, after, place),
    ...LOWER_BOUNDS.flatMap((keyword) => boundDifferences(keyword, before, after, place, narrower, wider)),
    ...UPPER_BOUNDS.flatMap((keyword) => boundDifferences(keyword, before, after, place, wider, narrower)),
    ...FILTERS.flatMap((keyword) => filterDifferences(keyword, before, after, place)),
    ...unknownDifferences(before, after, place),
  ];
}

/** Differences of what stands beside the rules. */
export function annotationDifferences(before: Schema, after: Schema, place: Place): Difference[] {
  const changed = ANNOTATIONS.filter((keyword) => !isDeepStrictEqual(before[keyword], after[keyword]));
  return changed.flatMap((keyword): Difference[] =>
    keyword === 'default'
      ? defaultDifferences(before.default, after.default, place)
      : [{ kind: 'wording', what: `${place.path}: ${keyword} is worded anew` }],
  );
}

function typeDifferences(before: Schema, after: Schema, place: Place): Difference[] {
  const [was, is] = [typesOf(before), typesOf(after)];
  const what = `is ${is?.join(' or ') ?? 'of any type'}, was ${was?.join(' or ') ?? 'of any type'}`;
  const lost = is !== undefined && !(was?.every((type) => allows(is, type)) ?? false);
  const won = was !== undefined && !(is?.every((type) => allows(was, type)) ?? false);
  if (lost && won) return [other(place, what)];
  if (lost) return [narrower(place, what)];
  return won ? [wider(place, what)] : [];
}

function typesOf({ type }: Schema): readonly string[] | undefined {
  return type === undefined ? undefined : [type].flat();
}

function allows(types: readonly string[], type: string): boolean {
  return types.includes(type) || (type === 'integer' && types.includes('number'));
}

function enumDifferences(before: Schema, after: Schema, place: Place): Difference[] {
  const [was, is] = [before.enum, after.enum];
  if (!was) return is ? [narrower(place, `may only be ${is.map(shown).join(', ')} now`)] : [];
  if (!is) return [wider(place, `may be more than ${was.map(shown).join(', ')} now`)];
  return [
    ...missingFrom(is, was).map((value) => narrower(place, `can no longer be ${shown(value)}`)),
    ...missingFrom(was, is).map((value) => wider(place, `can be ${shown(value)} now`)),
  ];
}

function boundDifferences(
  keyword: string,
  before: Schema,
  after: Schema,
  place: Place,
  ifMore: typeof narrower,
  ifLess: typeof narrower,
): Difference[] {
  const [was, is] = [before[keyword], after[keyword]] as (number | undefined)[];
  if (was === is) return [];
  const what = `${keyword} is ${shown(is)}, was ${shown(was)}`;
  // A bound that was not there narrows, whichever it is.
  if (was === undefined) return [narrower(place, what)];
  if (is === undefined) return [wider(place, what)];
  return [is > was ? ifMore(place, what) : ifLess(place, what)];
}

function filterDifferences(keyword: string, before: Schema, after: Schema, place: Place): Difference[] {
  const [was, is] = [before[keyword], after[keyword]];
  if (isDeepStrictEqual(was, is)) return [];
  const what = `${keyword} is ${shown(is)}, was ${shown(was)}`;
  if (was === undefined) return [narrower(place, what)];
  return [is === undefined ? wider(place, what) : other(place, what)];
}

/** Of what is read, a default says nothing: the value is there. */
function defaultDifferences(was: unknown, is: unknown, place: Place): Difference[] {
  if (place.side === 'output') return [];
  const what = `default is ${shown(is)}, was ${shown(was)}`;
  // Whoever leaves it out asks for something else now, unless nothing was said of that.
  return [was === undefined ? wider(place, what) : other(place, what)];
}

function unknownDifferences(before: Schema, after: Schema, place: Place): Difference[] {
  const keywords = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keywords]
    .filter((keyword) => !KNOWN.has(keyword) && !isDeepStrictEqual(before[keyword], after[keyword]))
    .map((keyword) => other(place, `${keyword} has changed, which may mean anything`));
}
