import { z } from 'zod';

/**
 * Tenant, as it goes into every row, log line and cache key: short, printable, without spaces. One spelling for
 * one tenant: nothing is trimmed, folded or normalised.
 */
export const tenantName = z
  .string()
  .regex(/^[\x21-\x7e]{1,128}$/, 'must be 1 to 128 printable ASCII characters without spaces');

/**
 * Subject or client id. Control characters and lone surrogates are refused: the database cannot store the one
 * and would make different names equal by replacing the other.
 */
export const identifier = z
  .string()
  .regex(/^[^\p{Cc}\p{Cs}]{1,255}$/u, 'must be 1 to 255 characters without control characters');

/** One scope (RFC 6749 section 3.3). */
export const scopeToken = z
  .string()
  .regex(
    /^[\x21\x23-\x5b\x5d-\x7e]{1,128}$/,
    'must be a scope: printable ASCII without spaces, quotes and backslashes',
  );
