/** Who is proposed on the sign-in page. */
export const DEFAULT_ACCOUNT = 'developer@demo';

const ACCOUNT = /^[a-z0-9][a-z0-9._-]{0,63}@(?<tenant>.*)$/;
const TENANT = /^[a-z0-9][a-z0-9-]{0,63}$/;

/** The tenant of an account `name@tenant`, or undefined if it is not written like one. */
export function tenantOf(account: string): string | undefined {
  const tenant = ACCOUNT.exec(account)?.groups?.['tenant'];
  return isTenant(tenant) ? tenant : undefined;
}

/** Whether this is the name of a tenant: any that is written like one, for nobody has to be known here. */
export function isTenant(name: unknown): name is string {
  return typeof name === 'string' && TENANT.test(name);
}
