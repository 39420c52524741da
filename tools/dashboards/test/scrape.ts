import { groupingOf, selectorsOf, type Matcher } from './promql.ts';

/** The labels of a metric, and the values that were seen of each. */
export type Labels = Map<string, Set<string>>;

/** What a service exports: metrics by name. */
export type Scrape = Map<string, Labels>;

const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? \S+$/;
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g;

/** Labels that Prometheus adds to whatever it scrapes; a namespace only where there are some. */
const TARGET_LABELS = new Set(['job', 'namespace', 'instance']);

/** Values that cannot be listed. */
const ANY = new Set<string>();

/** Reads the text of /metrics. */
export function scrapeOf(text: string): Scrape {
  const scrape: Scrape = new Map();
  for (const line of text.split('\n')) {
    const [, name, labels = ''] = SAMPLE.exec(line) ?? [];
    if (name === undefined) continue;
    const known = scrape.get(name) ?? new Map<string, Set<string>>();
    scrape.set(name, known);
    for (const [, label, value] of labels.matchAll(LABEL))
      known.set(label!, (known.get(label!) ?? new Set()).add(value!));
  }
  return scrape;
}

/** Beside what a service exports: of Prometheus itself, and of the rules. */
export function withDerived(scrape: Scrape, recorded: readonly string[]): Scrape {
  const alerts: Labels = new Map([
    ['alertstate', new Set(['pending', 'firing'])],
    ...['alertname', 'severity', 'service'].map((label) => [label, ANY] as const),
  ]);
  const derived: readonly (readonly [string, Labels])[] = [
    ['up', new Map()],
    ['ALERTS', alerts],
    ...recorded.map((name) => [name, new Map()] as const),
  ];
  return new Map([...scrape, ...derived]);
}

/** What an expression asks for that the services do not export; empty if all is well. */
export function unknownIn(expr: string, scrape: Scrape): string[] {
  const problems: string[] = [];
  const labelsOfAll = new Set(TARGET_LABELS);
  for (const { metric, matchers } of selectorsOf(expr)) {
    const labels = scrape.get(metric);
    if (labels === undefined) {
      problems.push(`${metric} is not exported`);
      continue;
    }
    for (const label of labels.keys()) labelsOfAll.add(label);
    for (const matcher of matchers.filter(({ label }) => !TARGET_LABELS.has(label)))
      problems.push(...unknownValues(metric, matcher, labels));
  }
  for (const label of groupingOf(expr))
    if (!labelsOfAll.has(label)) problems.push(`nothing in ${expr} has the label ${label}`);
  return problems;
}

/** Every alternative of a matcher must be a value that there is: `result!~"verifed|…"` would go unnoticed. */
function unknownValues(metric: string, { label, operator, value }: Matcher, labels: Labels): string[] {
  const seen = labels.get(label);
  if (seen === ANY) return [];
  if (seen === undefined) return [`${metric} has no label ${label}`];
  const alternatives = operator.endsWith('~') && /^[\w|]+$/.test(value) ? value.split('|') : [value];
  const matches = (pattern: string) =>
    [...seen].some((known) =>
      operator.endsWith('~') ? RegExp(`^(${pattern})$`).test(known) : known === pattern,
    );
  return alternatives
    .filter((alternative) => !matches(alternative))
    .map((alternative) => `${metric} never has ${label}="${alternative}", only ${[...seen].join(', ')}`);
}
