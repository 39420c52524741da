import type { Database } from '@gantry/postgres';
import type { ScopedKey } from './scoped-key.ts';
import type { StoredAnswer } from './stored-answer.ts';

/** SQLSTATE of a wait for a lock that took longer than `lock_timeout`. */
const LOCK_NOT_AVAILABLE = '55P03';

/** A call that wants to be the one that is carried out. */
export interface Claim {
  readonly key: ScopedKey;
  readonly fingerprint: Buffer;
  readonly requestId: string;
  /** How long to wait for another transaction that has claimed the key and not ended yet. */
  readonly waitMs: number;
}

/** Who has the key: this call, another one that is still running, or one that has been answered. */
export type ClaimResult = 'claimed' | 'in-flight' | 'used';

/** What was kept of the call that used a key. */
export interface UsedKey {
  readonly sameArguments: boolean;
  readonly answer: StoredAnswer;
}

/** The rows of `idempotency_keys`, in the current unit of work. */
export class KeyStore {
  constructor(
    private readonly database: Database,
    private readonly retentionHours: number,
  ) {}

  /**
   * Claims a key for the current transaction; a used key that has expired counts as free.
   *
   * Two transactions that insert the same key wait for each other in Postgres: the second goes on when the
   * first has committed ('used') or rolled back ('claimed'). After 'in-flight' the transaction can only be
   * rolled back.
   */
  async claim({ key, fingerprint, requestId, waitMs }: Claim): Promise<ClaimResult> {
    const { sql } = this.database;
    const bound = `${Math.max(1, Math.floor(waitMs))}ms`; // 0 would mean for ever
    try {
      // Sent together: one round trip. The bound is for this wait alone, not for locks the handler will take.
      const [, claimed] = await Promise.all([
        sql`
          select set_config('gantry.outer_lock_timeout', current_setting('lock_timeout'), true),
                 set_config('lock_timeout', ${bound}, true)`,
        sql`
          insert into idempotency_keys as held (tenant_id, principal, tool, key, fingerprint, request_id, expires_at)
          values (
            ${key.tenant}, ${key.principal}, ${key.tool}, ${key.key}, ${fingerprint}, ${requestId},
            now() + make_interval(hours => ${this.retentionHours})
          )
          on conflict (tenant_id, principal, tool, key) do update set
            fingerprint = excluded.fingerprint,
            answer = null,
            request_id = excluded.request_id,
            created_at = excluded.created_at,
            expires_at = excluded.expires_at
          where held.expires_at <= now()
          returning true`,
        sql`select set_config('lock_timeout', current_setting('gantry.outer_lock_timeout'), true)`,
      ]);
      return claimed.length > 0 ? 'claimed' : 'used';
    } catch (error) {
      if (isLockTimeout(error)) return 'in-flight';
      throw error;
    }
  }

  /** What was kept under a key of which {@link KeyStore.claim} said that it is used. */
  async find({ key, fingerprint }: Claim): Promise<UsedKey> {
    const [used] = await this.database.sql<UsedKey[]>`
      select fingerprint = ${fingerprint} as "sameArguments", answer
      from idempotency_keys
      where tenant_id = ${key.tenant} and principal = ${key.principal} and tool = ${key.tool} and key = ${key.key}`;
    if (!used) throw new Error('A key that is used must be there: the claim has locked its row.');
    return used;
  }

  /** Keeps the answer under a key that the current transaction has claimed. */
  async keep(key: ScopedKey, answer: string): Promise<void> {
    await this.database.sql`
      update idempotency_keys set answer = ${answer}::text::json
      where tenant_id = ${key.tenant} and principal = ${key.principal} and tool = ${key.tool} and key = ${key.key}`;
  }
}

/** `Database` has a general answer to it and keeps the error of Postgres as the cause. */
function isLockTimeout(error: unknown): boolean {
  const { cause } = error as { cause?: { code?: unknown } };
  return cause?.code === LOCK_NOT_AVAILABLE;
}
