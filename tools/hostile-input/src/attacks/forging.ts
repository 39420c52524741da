import { createHmac, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

/** An attacker's server, with an attacker's keys, that nobody may come to. */
export class Lure {
  visits = 0;
  readonly #server = createServer((_request, response) => {
    this.visits += 1;
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: [ATTACKERS_JWK] }));
  });

  static async start(): Promise<Lure> {
    const lure = new Lure();
    lure.#server.listen(0, '127.0.0.1');
    await once(lure.#server, 'listening');
    return lure;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/jwks`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

/** Of an attacker's own. */
export const ATTACKERS = generateKeyPairSync('ec', { namedCurve: 'P-256' });
/** The same, as it would be published. */
export const ATTACKERS_JWK = {
  ...ATTACKERS.publicKey.export({ format: 'jwk' }),
  kid: 'attackers',
  alg: 'ES256',
  use: 'sig',
};

/** A JWS as anybody may write it: whatever the header, with this key or with none. */
export function compact(header: object, payload: object, key: KeyObject | undefined): string {
  const signed = `${encoded(header)}.${encoded(payload)}`;
  const signature = key
    ? sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' })
    : Buffer.alloc(0);
  return `${signed}.${signature.toString('base64url')}`;
}

/** A JWS whose key is a text. */
export function hmac(
  header: { alg: string; typ: string; kid: string },
  payload: object,
  secret: string | Buffer,
): string {
  const signed = `${encoded(header)}.${encoded(payload)}`;
  return `${signed}.${createHmac(`sha${header.alg.slice(2)}`, secret)
    .update(signed)
    .digest('base64url')}`;
}

/** JSON in base64url. */
export function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
