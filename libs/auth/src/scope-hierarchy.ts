/** Scopes that a scope implies beyond the generic rule; transitive. */
export type ScopeImplications = Readonly<Record<string, readonly string[]>>;

/** Within one resource a stronger action implies the next weaker one. Anything else has to be declared. */
const WEAKER_ACTION = new Map([
  ['admin', 'write'],
  ['write', 'read'],
]);

/**
 * What a granted scope also grants: `orders:admin` ⊃ `orders:write` ⊃ `orders:read`.
 *
 * Only these three actions are related by themselves. `payments:approve` is implied by nothing unless it is
 * declared, so that a right which needs a second person never comes with a broader one by accident.
 *
 * @example
 * ```ts
 * new ScopeHierarchy({ 'payments:admin': ['payments:approve'] }).expand(['payments:admin']);
 * // payments:admin, payments:write, payments:read, payments:approve
 * ```
 */
export class ScopeHierarchy {
  readonly #declared: ReadonlyMap<string, readonly string[]>;

  constructor(declared: ScopeImplications = {}) {
    this.#declared = new Map(Object.entries(declared));
  }

  /** The given scopes and everything they imply. */
  expand(scopes: Iterable<string>): ReadonlySet<string> {
    const expanded = new Set(scopes);
    // A set visits what is added while it is iterated, and each member once: declared cycles end by themselves.
    for (const scope of expanded) {
      for (const implied of this.#impliedBy(scope)) expanded.add(implied);
    }
    return expanded;
  }

  #impliedBy(scope: string): readonly string[] {
    const declared = this.#declared.get(scope) ?? [];
    const colon = scope.lastIndexOf(':');
    const weaker = colon > 0 ? WEAKER_ACTION.get(scope.slice(colon + 1)) : undefined;
    return weaker === undefined ? declared : [...declared, `${scope.slice(0, colon)}:${weaker}`];
  }
}
