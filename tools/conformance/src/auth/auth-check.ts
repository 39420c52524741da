import type { TestIssuer } from '@gantry/testing';

/** A service, and those who issue tokens for it. */
export interface AuthTarget {
  /** The name before the colon in its scopes. */
  readonly name: string;
  /** Its endpoint, which is the audience of its tokens. */
  readonly url: string;
  /** The issuer it trusts. */
  readonly issuer: TestIssuer;
  /** One that it has never heard of. */
  readonly stranger: TestIssuer;
}

/** One requirement, and how to tell whether a service keeps it. */
export interface AuthCheck {
  readonly name: string;
  /** Where it is written. */
  readonly reference: string;
  /** Rejects if the service does not keep it. */
  readonly run: (target: AuthTarget) => Promise<void>;
}

/** What came of a check. */
export interface AuthResult {
  readonly name: string;
  readonly reference: string;
  /** Undefined if the service keeps it. */
  readonly problem?: string;
}

/** Runs checks one after the other: what a service remembers of tokens must not depend on luck. */
export async function runAuthChecks(checks: readonly AuthCheck[], target: AuthTarget): Promise<AuthResult[]> {
  const results: AuthResult[] = [];
  for (const { name, reference, run } of checks) {
    const problem = await run(target).then(
      () => undefined,
      (error: Error) => error.message.split('\n', 1)[0]!,
    );
    results.push({ name, reference, ...(problem !== undefined && { problem }) });
  }
  return results;
}

/** The scopes of an administrator of the service. */
export function allScopes({ name }: AuthTarget): string[] {
  return [`${name}:admin`];
}

/** A token that the service should accept. */
export function goodToken(target: AuthTarget, scopes = allScopes(target)): Promise<string> {
  return target.issuer.token({ audience: target.url, scopes, tenant: 'acme', client: 'conformance' });
}
