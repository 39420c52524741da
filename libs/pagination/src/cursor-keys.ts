import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import type { Secret } from '@gantry/config';

/** As long as the digest that they key: shorter ones would be the weakest part. */
export const MIN_KEY_LENGTH = 32;

/** Every key costs a digest per refused cursor; a rotation needs two. */
export const MAX_KEYS = 8;

/** The keys in the text of `MCP_CURSOR_KEYS`. */
export function splitKeys(text: string): string[] {
  return text.split(',').map((key) => key.trim());
}

/** The keys that sign cursors. Follows the rotation of its secret. */
export class CursorKeys {
  #keys: readonly [KeyObject, ...KeyObject[]];

  /** @param secret - text of `MCP_CURSOR_KEYS`; without it a key is made that only this process knows */
  constructor(secret: Secret | undefined) {
    this.#keys = secret ? parse(secret.value()) : [createSecretKey(randomBytes(MIN_KEY_LENGTH))];
    secret?.onRotate((text) => {
      this.#keys = parse(text);
    });
  }

  /** The key that signs. */
  get first(): KeyObject {
    return this.#keys[0];
  }

  /** The keys that verify. */
  get all(): readonly KeyObject[] {
    return this.#keys;
  }
}

function parse(text: string): [KeyObject, ...KeyObject[]] {
  const [first, ...others] = splitKeys(text).map((key) => createSecretKey(Buffer.from(key)));
  return [first!, ...others];
}
