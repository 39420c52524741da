import {
  cannotAsk,
  type Principal,
  type RequestMeta,
  type RunningCall,
  type ToolContract,
} from '@gantry/pipeline';
import { typeidUnboxed } from 'typeid-js';

/** What a front end knows of a call before the pipeline has seen it. */
export interface CallRequest {
  readonly principal: Principal;
  readonly meta: RequestMeta;
  readonly signal: AbortSignal;
  reportProgress(progress: number, total?: number, message?: string): void;
}

/** A call as it enters its pipeline. */
export function runningCall(tool: ToolContract, args: unknown, request: CallRequest): RunningCall {
  return {
    requestId: typeidUnboxed('req'),
    tool,
    principal: request.principal,
    meta: request.meta,
    signal: request.signal,
    deadline: Number.POSITIVE_INFINITY,
    arguments: args,
    input: {},
    idempotencyKey: undefined,
    resultMeta: {},
    reportProgress: (progress, total, message) => request.reportProgress(progress, total, message),
    canAsk: cannotAsk.canAsk,
    ask: cannotAsk.ask,
  };
}
