import { timingSafeEqual } from 'node:crypto';
import type { ErrorEnvelope } from '@gantry/errors';
import type { Actor } from './payment.ts';
import { keyConflict } from './refusals.ts';

/** What can be done with a payment at the provider. */
export const OPERATION_KINDS = ['authorize', 'process', 'capture', 'cancel', 'refund'] as const;

/** One of {@link OPERATION_KINDS}. */
export type OperationKind = (typeof OPERATION_KINDS)[number];

/**
 * How far an operation is, in order: each is a recovery point that was committed before the next step began. Phases
 * may be left out, never gone back.
 *
 * - `awaiting_approval`: nothing is at the provider, and nothing will be before somebody approves.
 * - `started`: a payment's intent may exist at the provider, unconfirmed; a capture, cancellation or refund may have
 *   been done.
 * - `intent_created`: the intent's id is known, and it may have been confirmed.
 * - `finished`: the answer is known, and never changes.
 */
export const OPERATION_PHASES = ['awaiting_approval', 'started', 'intent_created', 'finished'] as const;

/** One of {@link OPERATION_PHASES}. */
export type OperationPhase = (typeof OPERATION_PHASES)[number];

/** What a caller is told, now and whenever the call is repeated. */
export type OperationAnswer =
  { readonly output: Readonly<Record<string, unknown>> } | { readonly error: ErrorEnvelope };

/** The intent of a caller: the same key means the same intent, whatever happens in between. */
export interface OperationKey {
  readonly requestedBy: Actor;
  readonly tool: string;
  readonly idempotencyKey: string;
}

/** One thing that is done with a payment at the provider, exactly once. Kept for ever. */
export interface PaymentOperation extends OperationKey {
  /** TypeID `pop_…`; goes to the provider with every step. */
  readonly id: string;
  readonly paymentId: string;
  readonly kind: OperationKind;
  /** SHA-256 of the arguments. */
  readonly fingerprint: Buffer;
  /** The call that began it: finds its log lines and audit row. */
  readonly requestId: string;
  /** Minor units to move; null if none are named (cancel). */
  readonly amount: number | null;
  readonly phase: OperationPhase;
  /** What the provider calls it: the id of an intent or a refund. */
  readonly providerReference: string | null;
  /** Null until it has finished. */
  readonly answer: OperationAnswer | null;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly finishedAt: string | null;
}

/** May an operation go from one phase to the other? */
export function isLaterPhase(from: OperationPhase, to: OperationPhase): boolean {
  return OPERATION_PHASES.indexOf(to) > OPERATION_PHASES.indexOf(from);
}

/**
 * The same key has to come with the same arguments.
 *
 * @throws GantryError `idempotency_conflict`
 */
export function expectSameArguments(operation: PaymentOperation, fingerprint: Buffer): void {
  if (!timingSafeEqual(operation.fingerprint, fingerprint)) throw keyConflict(operation.tool);
}
