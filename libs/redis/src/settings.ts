import { defineSettings, secret, setting } from '@gantry/config';
import { z } from 'zod';

const redisUrl = z
  .url({ protocol: /^rediss?$/, error: 'must be a redis:// or rediss:// URL' })
  .refine((url) => /^\/?\d*$/.test(new URL(url).pathname), 'must name the database by number, as in /0');

/** What the environment says about Redis. */
export const redisSettings = defineSettings('redis', {
  url: secret('MCP_REDIS_URL', redisUrl.optional(), {
    description:
      'URL of the Redis that all replicas share. Without one, limits and caches hold for each replica alone.',
  }),
  commandTimeoutMs: setting(
    'MCP_REDIS_COMMAND_TIMEOUT_MS',
    z.coerce.number().int().min(1).max(10_000).default(50),
    { description: 'How long a call waits for an answer of Redis before it goes on without.' },
  ),
});
