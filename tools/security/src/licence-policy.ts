/** Licences (SPDX) that ask for no more than to be named, whatever we do with the code. */
export const ALLOWED: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'Python-2.0',
  'Unlicense',
]);

/** A package that somebody has looked at, because its licence is not in the list. */
export interface Exception {
  /** What the package declares; undefined if nothing. With another licence it is looked at again. */
  readonly declared: string | undefined;
  /** What was found, and why the package may stay. */
  readonly reason: string;
}

const LEGACY_FIELD = {
  declared: undefined,
  reason: 'MIT, in the field "licenses" of the time before SPDX and in its LICENSE file',
};
const UNCHANGED_TOOL = {
  declared: 'Artistic-2.0',
  reason: 'used unchanged inside secretlint, never passed on',
};

/** By the name of the package. */
export const EXCEPTIONS: Readonly<Record<string, Exception>> = {
  buildcheck: LEGACY_FIELD,
  'cpu-features': LEGACY_FIELD,
  ssh2: LEGACY_FIELD,
  binaryextensions: UNCHANGED_TOOL,
  editions: UNCHANGED_TOOL,
  istextorbinary: UNCHANGED_TOOL,
  textextensions: UNCHANGED_TOOL,
  'version-range': UNCHANGED_TOOL,
  '@azu/style-format': {
    declared: 'WTFPL',
    reason: 'permits everything; inside secretlint, never passed on',
  },
  'caniuse-lite': {
    declared: 'CC-BY-4.0',
    reason: 'data about browsers that Babel brings with jest and Nx, never passed on',
  },
  'spdx-exceptions': {
    declared: 'CC-BY-3.0',
    reason: 'a list of names inside secretlint, never passed on',
  },
  'world-countries': {
    declared: undefined,
    reason: 'ODbL-1.0, in the field "licenses"; data that tests read, never passed on',
  },
};
