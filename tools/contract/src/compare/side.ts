import type { Difference } from './change.ts';

/** Who is bound by a schema: `input` by those who send, who must keep it; `output` by those who read, who rely on it. */
export type Side = 'input' | 'output';

/** Where in a contract a schema stands. */
export interface Place {
  readonly side: Side;
  /** `input.lines[].quantity`. */
  readonly path: string;
}

/** Fewer values are allowed: whoever sends may be refused, whoever reads may rely on more. */
export function narrower({ side, path }: Place, what: string): Difference {
  return { kind: side === 'input' ? 'breaking' : 'additive', what: `${path}: ${what}` };
}

/** More values are allowed: whoever sends may do more, whoever reads meets what was never there. */
export function wider({ side, path }: Place, what: string): Difference {
  return { kind: side === 'input' ? 'additive' : 'breaking', what: `${path}: ${what}` };
}

/** Some values that were allowed are not any more, and the other way round; or it cannot be told. */
export function other({ path }: Place, what: string): Difference {
  return { kind: 'breaking', what: `${path}: ${what}` };
}

/** A part of a place. */
export function inside({ side, path }: Place, part: string): Place {
  return { side, path: part.startsWith('[') || path === '' ? `${path}${part}` : `${path}.${part}` };
}
