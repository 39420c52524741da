/** Longer URIs name nothing. */
const MAX_URI_LENGTH = 2_048;

const VARIABLE = /^\{([a-z][a-z0-9_]{0,63})\}$/i;

/**
 * A URI template whose variables fill whole path segments: level 1 of RFC 6570, and no more than is needed. Matching
 * takes time linear in the URI whatever it holds.
 */
export class UriTemplate {
  readonly variables: readonly string[];
  readonly #segments: readonly { readonly literal?: string; readonly variable?: string }[];

  /** Throws if `text` is not such a template. */
  constructor(readonly text: string) {
    this.#segments = text.split('/').map((part) => {
      const variable = VARIABLE.exec(part)?.[1];
      if (variable !== undefined) return { variable };
      if (/[{}]/.test(part)) throw new Error(`${text}: a variable must fill a whole path segment.`);
      return { literal: part };
    });
    this.variables = this.#segments.flatMap(({ variable }) => variable ?? []);
    if (this.variables.length === 0)
      throw new Error(`${text} has no variable: it is a resource, not a template.`);
    if (new Set(this.variables).size < this.variables.length)
      throw new Error(`${text} has a variable twice.`);
    if (!/^[a-z][a-z0-9+.-]*:\/\/[^{]/i.test(text))
      throw new Error(`${text} must begin with scheme and host.`);
  }

  /** The same for any two templates that match the same URIs. */
  get shape(): string {
    return this.#segments.map(({ literal }) => literal ?? '{}').join('/');
  }

  /** The variables of a URI, decoded and none of them empty; `undefined` if it is not of this template. */
  match(uri: string): Record<string, string> | undefined {
    if (uri.length > MAX_URI_LENGTH) return undefined;
    const parts = uri.split('/');
    if (parts.length !== this.#segments.length) return undefined;
    const variables: Record<string, string> = {};
    for (const [index, { literal, variable }] of this.#segments.entries()) {
      const part = parts[index]!;
      if (variable === undefined) {
        if (part !== literal) return undefined;
        continue;
      }
      const value = decoded(part);
      if (!value) return undefined;
      variables[variable] = value;
    }
    return variables;
  }

  /** The URI of these variables: of all URIs that match them, the one that counts. */
  expand(variables: Readonly<Record<string, string>>): string {
    return this.#segments
      .map(({ literal, variable }) => literal ?? encoded(variables[variable!] ?? ''))
      .join('/');
  }
}

/** Without `?`, `#` and bytes that are no text: a client that means those has to encode them. */
function decoded(part: string): string | undefined {
  if (/[?#]/.test(part)) return undefined;
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}

/** RFC 6570 encodes what is reserved; `encodeURIComponent` leaves some of it. */
function encoded(value: string): string {
  return encodeURIComponent(value).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
