/** What became of rows that were known or not. */
export interface Upserted {
  readonly created: number;
  /** Ids of those that say something else now. */
  readonly updated: readonly string[];
  /** They said what was known already. */
  readonly unchanged: number;
}

interface Row {
  readonly id: string;
}

/**
 * What became of rows.
 *
 * @param given - with the ids they get if they are made
 * @param written - with the ids they have now; those that were left alone are missing
 */
export function upserted(given: readonly Row[], written: readonly Row[]): Upserted {
  const made = new Set(given.map(({ id }) => id));
  const updated = written.flatMap(({ id }) => (made.has(id) ? [] : [id]));
  return { created: written.length - updated.length, updated, unchanged: given.length - written.length };
}

/**
 * Writes rows so that a statement never has two of the same name, which it would refuse: the first of each name, then
 * the second, and so on. So the last one counts, as it does when they come in different batches.
 */
export async function upsertInRounds<Row>(
  rows: readonly Row[],
  nameOf: (row: Row) => string,
  upsert: (round: readonly Row[]) => Promise<Upserted>,
): Promise<Upserted> {
  const rounds: Row[][] = [];
  const seen = new Map<string, number>();
  for (const row of rows) {
    const round = seen.get(nameOf(row)) ?? 0;
    seen.set(nameOf(row), round + 1);
    (rounds[round] ??= []).push(row);
  }
  const total = { created: 0, updated: [] as string[], unchanged: 0 };
  for (const round of rounds) {
    const { created, updated, unchanged } = await upsert(round);
    total.created += created;
    total.updated.push(...updated);
    total.unchanged += unchanged;
  }
  return total;
}
