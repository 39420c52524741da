import type { ErrorCategory } from '@gantry/errors';
import { currentContext } from '@gantry/observability';
import type { Effect, Outcome, RunningCall } from '@gantry/pipeline';
import { keyDigest, type Digest } from './digest.ts';
import type { TrackedCall } from './tracked-call.ts';

/** One row of the trail; names are those of its columns. No value that a caller sent as an argument is in it. */
export interface AuditEntry {
  readonly tenant_id: string;
  readonly request_id: string;
  /** When the call began, ISO 8601. */
  readonly at: string;
  readonly subject: string;
  readonly client: string;
  readonly tool: string;
  readonly effect: Effect;
  /** `ok` or the code of the error. */
  readonly outcome: string;
  readonly category: ErrorCategory | null;
  readonly duration_ms: number;
  readonly error_id: string | null;
  readonly trace_id: string | null;
  readonly idempotency_key_hash: Digest | null;
  readonly arguments_hash: Digest | null;
  readonly replayed: boolean;
}

/** The entry of a call that has ended. */
export function auditEntry(call: RunningCall, outcome: Outcome, tracked: TrackedCall): AuditEntry {
  const { tenant, subject, client } = call.principal;
  const error = outcome.ok ? undefined : outcome.error;
  return {
    tenant_id: tenant,
    request_id: call.requestId,
    at: tracked.at,
    subject,
    client,
    tool: call.tool.name,
    effect: call.tool.effect,
    outcome: error?.code ?? 'ok',
    category: error?.category ?? null,
    duration_ms: Math.round((performance.now() - tracked.startedAt) * 1_000) / 1_000,
    error_id: error?.errorId ?? null,
    trace_id: currentContext()?.traceId ?? null,
    idempotency_key_hash: keyDigest(call.idempotencyKey),
    arguments_hash: tracked.argumentsHash,
    replayed: call.resultMeta['idempotent_replay'] === true,
  };
}

/** May this entry be the first to go when there is too much to write? */
export function isOrdinaryRead({ effect, outcome }: AuditEntry): boolean {
  return effect === 'read' && outcome === 'ok';
}
