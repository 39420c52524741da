/** What any pattern costs, however short. */
const FLAT_COST = 50;

/** What naming a class of Unicode costs: it stands for hundreds of ranges. */
const UNICODE_CLASS_COST = 100;

/** The parts of an ECMAScript pattern that are read as one, in the order in which they have to be tried. */
const TOKEN =
  /\[(?:\\.|[^\]\\])*\]|\\[pP]\{[^}]*\}|\\u\{[^}]*\}|\\u[dD][89abAB]..\\u[dD][c-fC-F]..|\\u.{4}|\\x..|\\c.|\\.|\(\?(?:<[^=!][^>]*>|<?[=!]|[^:]*:)|\{(?<least>\d+),?(?<most>\d*)\}\??|[*+?]\??|./gsu;

/**
 * What compiling a pattern costs, and keeping it compiled: at least the number of instructions it is compiled to.
 * Counts repetitions without writing them out, as compiling does, so it costs nothing to find out that a pattern is
 * too large.
 *
 * @param pattern - valid in ECMAScript
 */
export function patternCost(pattern: string): number {
  const unicodeClasses = pattern.match(/\\[pP]\{/g)?.length ?? 0;
  return FLAT_COST + unicodeClasses * UNICODE_CLASS_COST + instructions(pattern);
}

function instructions(pattern: string): number {
  const outer: number[] = []; // of the groups that are open, without what they end with
  let before = 0; // of the group that is being read
  let last = 0; // of its last part, to which a quantifier belongs
  for (const { 0: token, groups } of pattern.matchAll(TOKEN)) {
    if (token.startsWith('(')) {
      outer.push(before + last);
      [before, last] = [3, 0];
    } else if (token === ')') {
      last += before;
      before = outer.pop() ?? 0;
    } else if (groups?.['least'] !== undefined) {
      last = repeated(last, Number(groups['least']), Number(groups['most']), token.includes(','));
    } else if (/^[*+?]/.test(token)) {
      last += 2;
    } else {
      before += last;
      last = token === '|' ? 2 : 1;
    }
  }
  return before + last + 2;
}

function repeated(size: number, least: number, most: number, isRange: boolean): number {
  const mandatory = Math.max(least, 1) * size;
  if (!isRange) return mandatory;
  return most > 0 ? mandatory + Math.max(most - least, 0) * (size + 1) : mandatory + size + 2;
}
