/** Why something is expected not to pass, by `scenario` or `scenario:check-id`. */
export type ExpectedFailures = ReadonlyMap<string, string>;

const LISTS = ['server:', 'vacuous:'];

/**
 * Reads a file in the format that the official suite takes as `--expected-failures`, and the reasons, which are the
 * comments right above the entries. A list `vacuous`, which the suite does not look at, names what it takes for passed
 * though nothing was proved.
 *
 * @throws Error if an entry has no reason or stands there twice, or a line is anything else
 */
export function parseExpectedFailures(text: string): ExpectedFailures {
  const reasons = new Map<string, string>();
  let comment: string[] = [];
  for (const line of text.split('\n').map((line) => line.trim())) {
    const [, entry] = /^- (\S+)$/.exec(line) ?? [];
    if (line.startsWith('#')) {
      comment.push(line.slice(1).trim());
      continue;
    }
    if (entry !== undefined) {
      if (comment.length === 0) throw new Error(`${entry} has no comment that says why.`);
      if (reasons.has(entry)) throw new Error(`${entry} stands there twice.`);
      reasons.set(entry, comment.join(' '));
    } else if (line !== '' && !LISTS.includes(line)) {
      throw new Error(`"${line}" is neither a list nor an entry (- scenario or - scenario:check-id).`);
    }
    comment = [];
  }
  return reasons;
}
