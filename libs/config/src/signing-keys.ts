import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import type { Secret } from './secret.ts';

/** As long as the digest that they key: shorter ones would be the weakest part. */
const MIN_KEY_LENGTH = 32;

/** Every key costs a digest per refused signature; a rotation needs two. */
const MAX_KEYS = 8;

/** Schema of a secret with {@link SigningKeys}: comma-separated, 1 to 8 of at least 32 characters each. */
export const signingKeyList = z
  .string()
  .refine((text) => split(text).every((key) => key.length >= MIN_KEY_LENGTH), {
    message: `every key needs at least ${MIN_KEY_LENGTH} characters`,
  })
  .refine((text) => split(text).length <= MAX_KEYS, { message: `at most ${MAX_KEYS} keys` });

/**
 * HMAC keys of which the first signs and all verify. They follow the rotation of their secret: to rotate, put a new key
 * in front, and drop the last one when nothing it signed is in use any more.
 */
export class SigningKeys {
  #keys: readonly [KeyObject, ...KeyObject[]];

  /** @param secret - see {@link signingKeyList}; without it a key is made that only this process knows */
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
  const [first, ...others] = split(text).map((key) => createSecretKey(Buffer.from(key)));
  return [first!, ...others];
}

function split(text: string): string[] {
  return text.split(',').map((key) => key.trim());
}
