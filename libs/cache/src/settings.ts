import { defineSettings, setting } from '@gantry/config';
import { z } from 'zod';

/** What an operator can set about the cache. How long a copy is good is said by whoever reads through it. */
export const cacheSettings = defineSettings('cache', {
  enabled: setting(
    'MCP_CACHE',
    z
      .enum(['on', 'off'])
      .default('on')
      .transform((choice) => choice === 'on'),
    { description: 'on, or off: this replica reads and keeps no copies, but still drops those of others.' },
  ),
  maxEntryBytes: setting(
    'MCP_CACHE_MAX_ENTRY_BYTES',
    z.coerce.number().int().min(1).max(16_777_216).default(262_144),
    { description: 'A value with more bytes than this is not kept.' },
  ),
  maxTtlSeconds: setting(
    'MCP_CACHE_MAX_TTL_SECONDS',
    z.coerce.number().int().min(1).max(86_400).default(600),
    {
      description:
        'Longest life of a copy, whatever was asked for. It bounds how old a value can be after a failure of Redis.',
    },
  ),
});
