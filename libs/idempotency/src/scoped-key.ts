import { createHash } from 'node:crypto';
import { canonicalJson, type RunningCall } from '@gantry/pipeline';

/** An idempotency key in its scope: the same key of another tenant, principal or tool is another key. */
export interface ScopedKey {
  readonly tenant: string;
  /** Digest of subject and client. */
  readonly principal: string;
  readonly tool: string;
  readonly key: string;
}

/** The key of a call in its scope. */
export function scopedKey({ principal, tool }: RunningCall, key: string): ScopedKey {
  return {
    tenant: principal.tenant,
    principal: sha256([principal.subject, principal.client]).toString('base64url'),
    tool: tool.name,
    key,
  };
}

/**
 * What makes two calls the same: SHA-256 of the canonical JSON of all arguments but the key. It is stored, and outlives
 * versions.
 */
export function fingerprint(call: RunningCall): Buffer {
  return sha256(call.input);
}

function sha256(value: unknown): Buffer {
  return createHash('sha256').update(canonicalJson(value)).digest();
}
