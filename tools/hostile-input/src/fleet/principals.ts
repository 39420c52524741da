import type { TestIssuer } from '@gantry/testing';
import type { FleetService, ServiceName } from './fleet.ts';

/** Somebody with a good token. */
export interface Person {
  readonly tenant: string;
  readonly subject: string;
}

/** Sends all that is hostile. May do everything in their own tenant. */
export const ATTACKER: Person = { tenant: 'mallory', subject: 'mallory' };
/** Of the attacker's tenant: shares its records, and nothing that belongs to a person. */
export const COLLEAGUE: Person = { tenant: 'mallory', subject: 'carol' };
/** Of another tenant. */
export const VICTIM: Person = { tenant: 'globex', subject: 'victor' };

const SCOPES: Readonly<Record<ServiceName, readonly string[]>> = {
  records: ['records:admin'],
  payments: ['payments:admin', 'payments:approve'],
  orders: ['orders:admin', 'orders:pricing'],
};

/** A good token for a service with all of its scopes. */
export function tokenFor(issuer: TestIssuer, { name, url }: FleetService, person: Person): Promise<string> {
  return issuer.token(claimsFor(name, url, person));
}

/** What a good token says; good for longer than any run. */
export function claimsFor(service: ServiceName, audience: string, { tenant, subject }: Person) {
  return { audience, scopes: SCOPES[service], subject, tenant, client: 'hostile-input', expiresIn: 86_400 };
}
