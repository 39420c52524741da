import { readFileSync, renameSync, writeFileSync } from 'node:fs';

interface Entry {
  readonly model: string;
  readonly id: string;
  payload: Record<string, unknown>;
  /** Milliseconds of `Date.now()`; null for ever. */
  expiresAt: number | null;
}

/**
 * Sessions, grants and refresh tokens in one JSON file, so that a client that signed in stays signed in when
 * the stack is restarted. Made for one developer: every change rewrites the file.
 */
export class TokenStore {
  readonly #file: string;
  readonly #entries: Map<string, Entry>;

  constructor(file: string) {
    this.#file = file;
    this.#entries = new Map(read(file).map((entry) => [keyOf(entry.model, entry.id), entry]));
  }

  /** The storage of one of oidc-provider's models. */
  adapter(model: string): object {
    return {
      upsert: async (id: string, payload: Record<string, unknown>, expiresIn?: number) => {
        const expiresAt = expiresIn === undefined ? null : Date.now() + expiresIn * 1000;
        this.#entries.set(keyOf(model, id), { model, id, payload: structuredClone(payload), expiresAt });
        this.#save();
      },
      find: async (id: string) => this.#find((entry) => entry.model === model && entry.id === id),
      findByUid: async (uid: string) =>
        this.#find((entry) => entry.model === model && entry.payload['uid'] === uid),
      consume: async (id: string) => {
        const entry = this.#entries.get(keyOf(model, id));
        if (entry) entry.payload['consumed'] = Math.floor(Date.now() / 1000);
        this.#save();
      },
      destroy: async (id: string) => {
        this.#entries.delete(keyOf(model, id));
        this.#save();
      },
      revokeByGrantId: async (grantId: string) => {
        for (const [key, { payload }] of this.#entries) {
          if (payload['grantId'] === grantId) this.#entries.delete(key);
        }
        this.#save();
      },
    };
  }

  #find(matches: (entry: Entry) => boolean): Record<string, unknown> | undefined {
    const found = [...this.#entries.values()].find((entry) => isAlive(entry) && matches(entry));
    return found && structuredClone(found.payload);
  }

  /** Synchronous, so that writes never overlap; renamed into place, so that a killed process leaves a whole file. */
  #save(): void {
    const entries = [...this.#entries.values()].filter(isAlive);
    const unfinished = `${this.#file}.new`;
    writeFileSync(unfinished, JSON.stringify(entries), { mode: 0o600 });
    renameSync(unfinished, this.#file);
  }
}

function keyOf(model: string, id: string): string {
  return `${model}:${id}`;
}

function isAlive({ expiresAt }: Entry): boolean {
  return expiresAt === null || expiresAt > Date.now();
}

function read(file: string): Entry[] {
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as Entry[]).filter(isAlive);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new Error(`${file} cannot be read; remove it to sign everybody out.`, { cause: error });
  }
}
