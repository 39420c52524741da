export type { ElicitationMeta, RequestMeta, RunningCall, Ticket, ToolCall } from './call.ts';
export { canonicalJson } from './canonical-json.ts';
export { classMark, type ClassMark } from './class-mark.ts';
export { composePipeline } from './compose.ts';
export {
  DEFAULT_LIMITS,
  defineTool,
  isWrite,
  type Effect,
  type InputOf,
  type OutputOf,
  type ToolContract,
  type ToolContractInput,
  type ToolLimits,
} from './contract.ts';
export { Tool, toolContractOf, type ToolHandler } from './handler.ts';
export { idempotencyKey } from './idempotency-key.ts';
export { failure, success, type Failure, type Outcome, type Success } from './outcome.ts';
export type { Principal } from './principal.ts';
export {
  AnswerRefused,
  cannotAsk,
  InputRequired,
  type Answer,
  type AskedQuestion,
  type Question,
} from './question.ts';
export {
  Stage,
  STAGE_SLOTS,
  stageSlotOf,
  type Next,
  type StageRun,
  type StageSlot,
  type ToolStage,
} from './stage.ts';
