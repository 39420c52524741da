import { Counter, Gauge, type Registry } from 'prom-client';
import type { CommandFailure } from './redis-client.ts';

/** Registers what an operator wants to see of Redis. */
export function measureRedis(
  registry: Registry,
  available: () => boolean,
): { readonly commandErrors: Counter<'reason'> } {
  const registers = [registry];
  new Gauge({
    name: 'mcp_redis_up',
    help: 'Is Redis connected and answering? 1 or 0; absent if the service has no Redis.',
    registers,
    collect() {
      this.set(available() ? 1 : 0);
    },
  });
  const commandErrors = new Counter({
    name: 'mcp_redis_command_errors_total',
    help: 'Commands that failed: timeout, connection, or reply (Redis answered with an error).',
    labelNames: ['reason'],
    registers,
  });
  const reasons: CommandFailure[] = ['timeout', 'connection', 'reply'];
  for (const reason of reasons) commandErrors.inc({ reason }, 0);
  return { commandErrors };
}
