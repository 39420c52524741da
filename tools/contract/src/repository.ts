import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Release } from './compare/contracts.ts';
import { snapshotFrom } from './snapshot.ts';

/** A state of the repository to compare with. */
export interface Base {
  readonly commit: string;
  /** What it is, for people: `main at 548be38`. */
  readonly name: string;
}

/** A reference that git does not know, or no repository to ask. */
export class UnknownBase extends Error {}

/** A checkout of the repository. */
export class Repository {
  /** Path of the checkout. */
  readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  /** Names of the services whose contract is kept. */
  get services(): string[] {
    return globSync('apps/*/contract/tools.json', { cwd: this.root })
      .map((path) => dirname(dirname(path)).slice('apps/'.length))
      .sort();
  }

  /** The contract of a service as the files say now. */
  present(service: string): Release {
    return releaseFrom(service, (path) => {
      const file = join(this.root, path);
      return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
    });
  }

  /** The contract that a service had; `undefined` if there was none. */
  past(service: string, { commit }: Base): Release | undefined {
    const read = (path: string) => this.#git('show', `${commit}:${path}`);
    return read(`apps/${service}/contract/tools.json`) === undefined ? undefined : releaseFrom(service, read);
  }

  /**
   * What a service's contract is compared with, unless told: where this branch left main; on main itself the service's
   * last release; and before the first one the last commit.
   *
   * @throws UnknownBase if there is no history
   */
  defaultBase(service: string): Base {
    const head = this.#commit('HEAD');
    if (!head) throw new UnknownBase(`${this.root} has no git history to compare with.`);
    const main = ['origin/main', 'main'].find((branch) => this.#commit(branch));
    const fork = main && this.#git('merge-base', 'HEAD', main)?.trim();
    if (fork && fork !== head) return named('main', fork);
    const tags = ['--match', `${service}@[0-9]*`, '--match', 'v[0-9]*'];
    const release = this.#git('describe', '--tags', '--abbrev=0', ...tags)?.trim();
    return release ? this.base(release) : named('the last commit,', head);
  }

  /**
   * A state that is named by a branch, a tag or a commit.
   *
   * @throws UnknownBase if there is none
   */
  base(ref: string): Base {
    const commit = this.#commit(ref);
    if (!commit) throw new UnknownBase(`git knows no ${ref} here. Fetch it, or name another base.`);
    return named(ref, commit);
  }

  #commit(ref: string): string | undefined {
    return this.#git('rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`)?.trim();
  }

  /** What git says; `undefined` if it refuses. */
  #git(...args: string[]): string | undefined {
    try {
      const options = { cwd: this.root, encoding: 'utf8', stdio: 'pipe', maxBuffer: 2 ** 26 } as const;
      return execFileSync('git', args, options);
    } catch {
      return undefined;
    }
  }
}

function named(name: string, commit: string): Base {
  return { commit, name: `${name} at ${commit.slice(0, 7)}` };
}

/** @param read - the text of a file of the repository, `undefined` if there is none */
function releaseFrom(service: string, read: (path: string) => string | undefined): Release {
  const { version } = JSON.parse(read(`apps/${service}/package.json`) ?? '{"version":"0.0.0"}') as {
    version: string;
  };
  return { contract: snapshotFrom((file) => read(`apps/${service}/contract/${file}`)), version };
}
