/** A mark that decorators leave on classes, with a value. */
export interface ClassMark<Value> {
  /** Marks a class. It can be done once: another value for the same class throws. */
  on(type: object, value: Value): void;
  /** The value that a class was marked with itself: a subclass is not marked until it says so. */
  of(type: unknown): Value | undefined;
}

/**
 * Makes a mark of its own: two of the same name do not get in each other's way.
 *
 * @param name - only for those who look at a marked class, or read that it was marked twice
 *
 * @example
 * ```ts
 * const contracts = classMark<ReportContract>('report-contract');
 *
 * export function Report(contract: ReportContract): ClassDecorator {
 *   return (target) => contracts.on(target, contract);
 * }
 *
 * export function reportContractOf(type: unknown): ReportContract | undefined {
 *   return contracts.of(type);
 * }
 * ```
 */
export function classMark<Value>(name: string): ClassMark<Value> {
  const mark = Symbol(`gantry:${name}`);
  return {
    on(type, value) {
      Object.defineProperty(type, mark, { value });
    },
    of(type) {
      return typeof type === 'function' && Object.hasOwn(type, mark)
        ? (type as unknown as Record<symbol, Value>)[mark]
        : undefined;
    },
  };
}
