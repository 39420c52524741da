import { createHash } from 'node:crypto';
import {
  exportJWK,
  generateKeyPair,
  SignJWT,
  type CryptoKey,
  type JSONWebKeySet,
  type JWK,
  type JWTHeaderParameters,
  type JWTPayload,
} from 'jose';

interface SigningKey {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly publicJwk: JWK;
}

/** The key pairs of an issuer: the first signs, all are published. */
export class SigningKeys {
  readonly #algorithm: string;
  #keys: readonly [SigningKey, ...SigningKey[]];

  private constructor(algorithm: string, first: SigningKey) {
    this.#algorithm = algorithm;
    this.#keys = [first];
  }

  static async generate(algorithm: string): Promise<SigningKeys> {
    return new SigningKeys(algorithm, await generateKey(algorithm));
  }

  async rotate(forgetFormer: boolean): Promise<void> {
    this.#keys = [await generateKey(this.#algorithm), ...(forgetFormer ? [] : this.#keys)];
  }

  publicJwks(): JSONWebKeySet {
    return { keys: this.#keys.map((key) => key.publicJwk) };
  }

  async sign(
    header: Partial<JWTHeaderParameters>,
    payload: JWTPayload,
    key?: CryptoKey | Uint8Array,
  ): Promise<string> {
    const [current] = this.#keys;
    const fullHeader = { alg: this.#algorithm, kid: current.kid, typ: 'at+jwt', ...header };
    if (fullHeader.alg === 'none') return `${base64url(fullHeader)}.${base64url(payload)}.`;
    return new SignJWT(payload).setProtectedHeader(fullHeader).sign(key ?? current.privateKey);
  }
}

async function generateKey(algorithm: string): Promise<SigningKey> {
  const { publicKey, privateKey } = await generateKeyPair(algorithm, { extractable: true });
  const jwk = await exportJWK(publicKey);
  const kid = createHash('sha256').update(JSON.stringify(jwk)).digest('base64url').slice(0, 16);
  return { kid, privateKey, publicJwk: { ...jwk, kid, alg: algorithm, use: 'sig' } };
}

function base64url(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
