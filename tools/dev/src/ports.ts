import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { PORT_BASE_VARIABLE, StackError } from './stack-settings.ts';

const ATTEMPTS = 10;
const RETRY_MS = 200;

/** A port and who is going to listen on it. */
export interface PortClaim {
  readonly port: number;
  readonly name: string;
}

/** Throws if any of the ports is taken, with a message that says how to choose others. */
export async function assertPortsFree(claims: readonly PortClaim[]): Promise<void> {
  for (const { port, name } of claims) {
    if (await becomesFree(port)) continue;
    throw new StackError(
      `Port ${port}, which ${name} needs, is in use by another program.\n` +
        `Stop that program, or choose other ports: ${PORT_BASE_VARIABLE}=7500 make serve`,
    );
  }
}

/** A stack that was killed a moment ago is still shutting down. */
async function becomesFree(port: number): Promise<boolean> {
  for (let attempt = 1; attempt < ATTEMPTS; attempt += 1) {
    if (await isFree(port)) return true;
    await sleep(RETRY_MS);
  }
  return isFree(port);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
