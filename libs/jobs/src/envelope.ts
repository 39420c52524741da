import { jsonPointer, validationError } from '@gantry/errors';
import { currentContext } from '@gantry/observability';
import type { Database } from '@gantry/postgres';
import { z } from 'zod';

/**
 * What lies in a queue around a payload. The policies on pg-boss's tables look at `tenant`: inside a unit of work only
 * envelopes of its own tenant can be seen and made.
 */
export const envelope = z.object({
  tenant: z.string().min(1),
  /** The call that led to the job: finds its log lines. */
  request_id: z.string().optional(),
  payload: z.unknown(),
});

/** See {@link envelope}. */
export type Envelope = z.infer<typeof envelope>;

/** Wraps a payload for the tenant of the current unit of work. */
export async function wrap(database: Database, schema: z.ZodType, payload: unknown): Promise<Envelope> {
  open(schema, payload);
  const requestId = currentContext()?.requestId;
  return { tenant: await currentTenant(database), ...(requestId && { request_id: requestId }), payload };
}

/** The payload as its handler gets it. Throws a final refusal if it does not fit: no repetition would make it fit. */
export function open<Schema extends z.ZodType>(schema: Schema, payload: unknown): z.output<Schema> {
  const parsed = schema.safeParse(payload);
  if (parsed.success) return parsed.data;
  throw validationError(
    'The payload does not fit its schema.',
    parsed.error.issues.map(({ path, message }) => ({ path: jsonPointer(path), message })),
  );
}

async function currentTenant({ sql }: Database): Promise<string> {
  const [row] = await sql<[{ tenant: string }]>`select current_setting(${'gantry.tenant'}) as tenant`;
  return row.tenant;
}
