import type { Connection } from './connection.ts';
import type { Pool } from './pool.ts';

/** A statement that has not stopped after this long is left to the server, and its connection given up. */
const GRACE_MS = 2_000;

/** Pause between two attempts: the first may have hit the moment between two statements. */
const RETRY_MS = 50;

/**
 * Cancels what runs on a connection and waits until nothing is pending on it. When this returns no cancel is
 * on its way any more, so the next statement on the connection cannot be hit by a late one.
 *
 * @param control - connections beside the pool, so that a cancel never waits for what it is to cancel
 */
export async function cancelPending(connection: Connection, control: Pool): Promise<void> {
  if (connection.pending === 0) return;
  const giveUp = setTimeout(() => connection.close(), GRACE_MS);
  try {
    while (connection.pending > 0) {
      await sendCancel(connection.pid, control);
      await Promise.race([connection.drained(), pause(RETRY_MS)]);
    }
  } catch {
    // Without a way to cancel, closing is what is left; the server stops the statement at its timeout.
    connection.close();
  } finally {
    clearTimeout(giveUp);
  }
}

/** The answer to `pg_cancel_backend` comes after the signal was sent, unlike that of the protocol's own cancel request. */
async function sendCancel(pid: number, control: Pool): Promise<void> {
  const connection = await control.acquire({ deadline: performance.now() + GRACE_MS });
  try {
    await connection.run(`select pg_cancel_backend(${pid})`, GRACE_MS);
  } finally {
    control.release(connection);
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
