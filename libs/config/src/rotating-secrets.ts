import { parse } from './parse.ts';
import type { Resolved } from './resolve.ts';
import { readSecretFile } from './secret-file.ts';
import type { Secret } from './secret.ts';
import type { Setting } from './settings.ts';

/** Why a rotation did not go through. Contains nothing secret. */
export interface RotationProblem {
  readonly variable: string;
  readonly reason: string;
  /** What a listener threw, if the new value was taken over but somebody could not follow. */
  readonly cause?: unknown;
}

/** Hears of a rotation that did not go through. */
export type RotationProblemListener = (problem: RotationProblem) => void;

interface SecretInFile {
  readonly setting: Setting;
  readonly secret: Secret;
  readonly path: string;
}

/**
 * The secrets that came from files. They are read again at an interval and compared by content: that sees every
 * way of replacing a file, Kubernetes' swap of a symbolic link above it and network file systems included, where
 * change notifications get lost.
 */
export class RotatingSecrets {
  readonly #files: readonly SecretInFile[];
  readonly #listeners = new Set<RotationProblemListener>();
  /** The last complaint per variable, so that each is made once and not at every poll. */
  readonly #complaints = new Map<string, string>();
  #timer: NodeJS.Timeout | undefined;
  #reloading: Promise<void> | undefined;

  constructor(resolved: Iterable<Resolved>) {
    this.#files = [...resolved].flatMap(({ setting, value, path }) =>
      path === undefined ? [] : [{ setting, secret: value as Secret, path }],
    );
  }

  start(intervalMs: number): void {
    if (this.#files.length === 0) return;
    this.#timer = setInterval(() => void this.reload(), intervalMs).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  onProblem(listener: RotationProblemListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Joins a reload that is under way, so that a slow file system does not pile them up. */
  reload(): Promise<void> {
    this.#reloading ??= Promise.all(this.#files.map((file) => this.#refresh(file)))
      .then(() => undefined)
      .finally(() => (this.#reloading = undefined));
    return this.#reloading;
  }

  async #refresh({ setting, secret, path }: SecretInFile): Promise<void> {
    let text: string;
    try {
      text = await readSecretFile(path);
    } catch (error) {
      return this.#complain(setting.name, (error as Error).message);
    }
    const parsed = parse(setting, text);
    if (!parsed.ok) return this.#complain(setting.name, `${parsed.reason} (in "${path}")`);
    this.#complaints.delete(setting.name);
    try {
      secret.rotate(parsed.value as string);
    } catch (error) {
      this.#complain(setting.name, 'was rotated, but not everybody could follow', error);
    }
  }

  #complain(variable: string, reason: string, cause?: unknown): void {
    if (this.#complaints.get(variable) === reason) return;
    this.#complaints.set(variable, reason);
    for (const listener of this.#listeners) listener({ variable, reason, cause });
  }
}
