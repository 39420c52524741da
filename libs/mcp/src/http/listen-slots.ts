import type { Principal } from '@gantry/pipeline';

/** Bounds how many streams are open at once: in this replica, and of one principal. */
export class ListenSlots {
  readonly #byPrincipal = new Map<string, number>();
  #size = 0;

  constructor(
    private readonly max: number,
    private readonly maxPerPrincipal: number,
  ) {}

  /** Streams that are open. */
  get size(): number {
    return this.#size;
  }

  /** @returns what gives the slot back; `undefined` if there is none */
  take({ tenant, subject, client }: Principal): (() => void) | undefined {
    const key = JSON.stringify([tenant, subject, client]);
    const open = this.#byPrincipal.get(key) ?? 0;
    if (this.#size >= this.max || open >= this.maxPerPrincipal) return undefined;
    this.#size += 1;
    this.#byPrincipal.set(key, open + 1);
    return () => {
      this.#size -= 1;
      const left = this.#byPrincipal.get(key)! - 1;
      if (left === 0) this.#byPrincipal.delete(key);
      else this.#byPrincipal.set(key, left);
    };
  }
}
