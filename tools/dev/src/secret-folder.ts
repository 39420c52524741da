import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Secrets in files that only their owner can read, one a file, made when first asked for. */
export class SecretFolder {
  readonly #directory: string;

  private constructor(directory: string) {
    this.#directory = directory;
  }

  /** Opens the folder, or makes it. */
  static async open(directory: string): Promise<SecretFolder> {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await chmod(directory, 0o700);
    return new SecretFolder(directory);
  }

  /** Where a secret lies, for `MCP_…_FILE`. */
  path(name: string): string {
    return join(this.#directory, name);
  }

  /** The secret of this name; `make` is asked once, ever. */
  async keep(name: string, make: () => string | Promise<string> = randomSecret): Promise<string> {
    try {
      return await readFile(this.path(name), 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
    return this.put(name, await make());
  }

  /** Writes a secret that follows from others, such as a database URL. */
  async put(name: string, value: string): Promise<string> {
    await writeFile(this.path(name), value, { mode: 0o600 });
    return value;
  }
}

/** 32 random bytes, safe in URLs and headers. */
export function randomSecret(): string {
  return randomBytes(32).toString('base64url');
}
