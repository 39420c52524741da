/** A metric in an expression, and what is asked of its labels. */
export interface Selector {
  readonly metric: string;
  readonly matchers: readonly Matcher[];
}

/** What a label has to be, or not. */
export interface Matcher {
  readonly label: string;
  readonly operator: '=' | '!=' | '=~' | '!~';
  readonly value: string;
}

const KEYWORDS = /^(by|without|on|ignoring|group_left|group_right|and|or|unless|bool|offset|inf|nan)$/i;
const TOKEN = /([a-zA-Z_:][\w:]*)\s*(\{[^}]*\})?(\s*\()?/g;
const MATCHER = /(\w+)\s*(=~|!~|!=|=)\s*"([^"]*)"/g;
const GROUPING = /\b(by|without|on|ignoring|group_left|group_right)\s*\(([^)]*)\)/g;

/**
 * The metrics that an expression uses. Not a parser (that it parses, promtool says): every name that is neither a
 * function nor a keyword nor a label in a list is taken for a metric, so what this does not understand fails a test.
 */
export function selectorsOf(expr: string): Selector[] {
  const withoutLists = expr.replaceAll(GROUPING, ' ').replaceAll(/\[\d+\w+\]/g, ' ');
  return [...withoutLists.matchAll(TOKEN)]
    .filter(([, name, , call]) => call === undefined && !KEYWORDS.test(name!))
    .map(([, metric, matchers = '']) => ({
      metric: metric!,
      matchers: [...matchers.matchAll(MATCHER)].map(([, label, operator, value]) => ({
        label: label!,
        operator: operator as Matcher['operator'],
        value: value!,
      })),
    }));
}

/** The labels that an expression groups by. */
export function groupingOf(expr: string): string[] {
  return [...expr.matchAll(GROUPING)].flatMap(([, , labels]) =>
    labels!
      .split(',')
      .map((label) => label.trim())
      .filter(Boolean),
  );
}
