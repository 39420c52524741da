import { hash } from 'node:crypto';

/** Where Redis keeps what is known of a tag. */
export interface TagKeys {
  /** A text that no other version of any tag ever was. There may be none. */
  readonly version: string;
  /** The writes that are changing what the tag stands for. */
  readonly changing: string;
}

/** Every entry has this tag, whatever its tenant. No digest is as short. */
export const EVERYTHING: TagKeys = { version: 'cache:version:all', changing: 'cache:changing:all' };

/** Where the copy of a value is kept. */
export function entryKey(tenant: string, key: string): string {
  return `cache:entry:${digest(tenant, key)}`;
}

/** Keys of tags, each once and in an order that does not depend on the caller. */
export function tagKeys(tenant: string, tags: readonly string[]): TagKeys[] {
  return [...new Set(tags)].sort().map((tag) => {
    const name = digest(tenant, tag);
    return { version: `cache:version:${name}`, changing: `cache:changing:${name}` };
  });
}

/** Of a fixed length, different for every pair wherever its parts are cut, and it tells nobody what it stands for. */
function digest(tenant: string, name: string): string {
  return hash('sha256', JSON.stringify([tenant, name]), 'base64url');
}
