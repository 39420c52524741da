import type { ToolContract } from '@gantry/pipeline';
import { z } from 'zod';

/**
 * What tasks read of an operation: the output of `check_operation_status`, and `operation` in that of its starter.
 * Loose, because all of it goes out again.
 */
export const operationView = z.looseObject({
  operation_id: z.string(),
  /** The tool that started it. */
  tool: z.string(),
  status: z.enum(['queued', 'running', 'succeeded', 'failed', 'cancelled']),
  progress: z.looseObject({ message: z.string().optional() }).optional(),
  error: z
    .looseObject({
      error: z.string(),
      code: z.string(),
      category: z.enum(['client_error', 'business_error', 'server_error']),
      retryable: z.boolean(),
      hint: z.string(),
      retry_after_seconds: z.number().optional(),
      error_id: z.string(),
      details: z.record(z.string(), z.unknown()).optional(),
    })
    .optional(),
  created_at: z.string(),
  updated_at: z.string(),
  expires_at: z.string(),
  poll_after_seconds: z.number().optional(),
});

/** See {@link operationView}. */
export type OperationView = z.infer<typeof operationView>;

/** Is there more to come? */
export function isUnfinished({ status }: OperationView): boolean {
  return status === 'queued' || status === 'running';
}

/** What a tool that says `startsOperation` must also do; one sentence per violation. */
export function operationFindings(tool: ToolContract): string[] {
  if (!tool.startsOperation) return [];
  const { operation, ...others } = tool.output.shape as Record<string, z.ZodType>;
  const findings = [];
  if (!operation) findings.push('starts an operation, but its output has no property operation');
  for (const [name, field] of Object.entries(others)) {
    if (field.safeParse(undefined).success) continue;
    findings.push(
      `starts an operation, so output ${name} must be optional: a finished task has only operation`,
    );
  }
  return findings;
}
