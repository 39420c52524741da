/** A host name or address, then a port or none, and nothing that a URL parser would take for more. */
const HOST = /^(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::\d{1,5})?$/i;

/**
 * The hosts that requests may be addressed to: a page that a browser was led to by a rebound name says another one.
 * Names are compared as they stand, so that nothing is let in for what it might be short for.
 */
export class AllowedHosts {
  readonly #names: ReadonlySet<string>;

  /** @param names - without port; IPv6 addresses in brackets */
  constructor(names: readonly string[]) {
    this.#names = new Set(names.map((name) => name.toLowerCase()));
  }

  /** Is this `Host` header one of them? */
  allow(header: string | undefined): boolean {
    const name = header === undefined ? undefined : HOST.exec(header)?.[1];
    return name !== undefined && this.#names.has(name.toLowerCase());
  }
}
