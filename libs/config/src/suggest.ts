/** The name that a mistyped one most likely stands for, if any is close enough. */
export function closestName(mistyped: string, names: Iterable<string>): string | undefined {
  let closest: string | undefined;
  let shortest = Math.max(2, Math.floor(mistyped.length / 5));
  for (const name of names) {
    const distance = editDistance(mistyped, name);
    if (distance <= shortest && (closest === undefined || distance < shortest)) {
      closest = name;
      shortest = distance;
    }
  }
  return closest;
}

/** Levenshtein distance: how many letters to insert, drop or replace. */
function editDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const replaced = previous[column - 1]! + (from[row - 1] === to[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, previous[column]! + 1, current[column - 1]! + 1));
    }
    previous = current;
  }
  return previous[to.length]!;
}
