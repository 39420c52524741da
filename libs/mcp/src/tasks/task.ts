import { GantryError } from '@gantry/errors';
import { failure, success, type ToolContract } from '@gantry/pipeline';
import { toolResult, type WireToolResult } from '../sdk/tool-result.ts';
import { isUnfinished, type OperationView } from './operation.ts';

/** A task, as far as all its states have it. Field names are wire format. */
export interface WireTask {
  [key: string]: unknown;
  taskId: string;
  /** A tool that answers with an error has done its task; nothing here needs input once it has begun. */
  status: 'working' | 'completed' | 'cancelled';
  statusMessage?: string;
  createdAt: string;
  lastUpdatedAt: string;
  ttlMs: number;
  pollIntervalMs?: number;
}

/** The task that an operation is. */
export function taskOf(view: OperationView): WireTask {
  const statusMessage = view.error?.error ?? view.progress?.message;
  const { poll_after_seconds: pollAfter } = view;
  return {
    taskId: view.operation_id,
    status: statusOf(view),
    ...(statusMessage !== undefined && { statusMessage }),
    createdAt: view.created_at,
    lastUpdatedAt: view.updated_at,
    ttlMs: Math.max(0, Date.parse(view.expires_at) - Date.parse(view.created_at)),
    ...(pollAfter !== undefined && { pollIntervalMs: Math.ceil(pollAfter * 1_000) }),
  };
}

/** The same with the result, once there is one: what the starter would have answered if it had waited for the end. */
export function detailedTaskOf(view: OperationView, starter: ToolContract | undefined): WireTask {
  const task = taskOf(view);
  return task.status === 'completed' ? { ...task, result: resultOf(view, starter) } : task;
}

function statusOf(view: OperationView): WireTask['status'] {
  if (isUnfinished(view)) return 'working';
  return view.status === 'cancelled' ? 'cancelled' : 'completed';
}

function resultOf(view: OperationView, starter: ToolContract | undefined): WireToolResult {
  const output = { operation: view };
  const outcome = view.error
    ? failure(GantryError.fromEnvelope(view.error))
    : success(starter ? starter.output.parse(output) : output);
  return { resultType: 'complete', ...toolResult({ outcome, meta: {} }, 'modern') };
}
