import { z } from 'zod';
import type { OperationRow } from './operation-store.ts';

/** An id of an operation as callers send it. */
export const operationId = z
  .string()
  .regex(/^op_[0-7][0-9a-hjkmnp-tv-z]{25}$/, 'must be an id like op_01jv…')
  .describe('The operation_id that the tool which started the operation returned.');

/** What callers see of an operation. Tools that start one return it. */
export const operationView = z.object({
  operation_id: z.string(),
  tool: z.string().describe('The tool that started it.'),
  status: z.enum(['queued', 'running', 'succeeded', 'failed', 'cancelled']),
  progress: z.object({ done: z.number(), total: z.number().optional(), message: z.string().optional() }),
  result: z
    .unknown()
    .optional()
    .describe('Once it has succeeded; its shape is described by the tool that started it.'),
  error: z.record(z.string(), z.unknown()).optional().describe('Once it has failed.'),
  created_at: z.string(),
  updated_at: z.string(),
  expires_at: z.string().describe('Unfinished: it fails then. Finished: it is forgotten then.'),
  poll_after_seconds: z.number().optional().describe('Unless it is finished: ask again after this long.'),
});

/** See {@link operationView}. */
export type OperationView = z.infer<typeof operationView>;

const POLL_AFTER_SECONDS = 2;

/** What callers see of a row. */
export function viewOf(row: OperationRow): OperationView {
  const { id, tool, status, done, total, message, result, error, created_at, updated_at, expires_at } = row;
  return {
    operation_id: id,
    tool,
    status,
    progress: { done, ...(total !== null && { total }), ...(message !== null && { message }) },
    ...(status === 'succeeded' && { result }),
    ...(error && { error: { ...error } }),
    created_at,
    updated_at,
    expires_at,
    ...((status === 'queued' || status === 'running') && { poll_after_seconds: POLL_AFTER_SECONDS }),
  };
}
