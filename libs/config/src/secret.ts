const REDACTED = '[redacted]';

/** Hears the new value after a rotation. */
export type RotationListener = (value: string) => void;

/**
 * A value that must never be printed. It shows itself as `[redacted]` to string conversion, JSON and
 * `util.inspect`; only {@link Secret.value} reveals it, so every place that does can be searched for.
 *
 * Ask for the value when it is needed instead of keeping a copy: it changes when its file is rotated.
 */
export class Secret {
  // A #private field: invisible to spread, JSON, structuredClone and util.inspect({ showHidden: true }).
  #value: string;
  readonly #listeners = new Set<RotationListener>();

  private constructor(value: string) {
    this.#value = value;
  }

  /** A secret made from a value at hand. */
  static of(value: string): Secret {
    return new Secret(value);
  }

  /** The secret itself, as of now. */
  value(): string {
    return this.#value;
  }

  /** Calls `listener` after every rotation. Returns the function that stops it. */
  onRotate(listener: RotationListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /**
   * Replaces the value and tells the listeners. `Config` calls it when the file has changed, tests to play
   * a rotation. Every listener is called even if one throws; what they threw comes back together.
   *
   * @throws AggregateError with the errors of the listeners
   */
  rotate(value: string): void {
    if (value === this.#value) return;
    this.#value = value;
    const errors: unknown[] = [];
    for (const listener of [...this.#listeners]) {
      try {
        listener(value);
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0)
      throw new AggregateError(errors, 'Listeners failed to take over a rotated secret.');
  }

  /** Always `[redacted]`. */
  toString(): string {
    return REDACTED;
  }

  /** Always `[redacted]`. */
  toJSON(): string {
    return REDACTED;
  }

  /** Always `[redacted]`; `util.inspect` and the console use it. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return REDACTED;
  }
}
