/** Who is proposed on the sign-in page. */
export const DEFAULT_ACCOUNT = 'developer@demo';

const ACCOUNT = /^[a-z0-9][a-z0-9._-]{0,63}@(?<tenant>[a-z0-9][a-z0-9-]{0,63})$/;

/** The tenant of an account `name@tenant`, or undefined if it is not written like one. */
export function tenantOf(account: string): string | undefined {
  return ACCOUNT.exec(account)?.groups?.['tenant'];
}
