import type { AuthCheck } from './auth-check.ts';
import { metadata } from './metadata.ts';
import { refusedRequests, refusedTokens } from './refused-tokens.ts';
import { scopes } from './scopes.ts';

/** Everything that a service of Gantry promises about authorization. */
export const authChecks: readonly AuthCheck[] = [
  ...refusedRequests,
  ...refusedTokens,
  ...metadata,
  ...scopes,
];
