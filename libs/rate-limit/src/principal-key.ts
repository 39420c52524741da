import { hash } from 'node:crypto';
import type { Principal } from '@gantry/pipeline';

/** A principal is the same object for as long as its token is remembered. */
const known = new WeakMap<Principal, string>();

/**
 * Names a principal among those of all tenants. A digest: of a fixed length, whatever the issuer puts into a subject,
 * and without telling whoever reads the keys in Redis who they belong to.
 */
export function principalKey(principal: Principal): string {
  let key = known.get(principal);
  if (key === undefined) {
    const { tenant, subject, client } = principal;
    key = hash('sha256', JSON.stringify([tenant, subject, client]), 'base64url');
    known.set(principal, key);
  }
  return key;
}
