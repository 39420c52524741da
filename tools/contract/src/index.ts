export type { Schema } from './schema.ts';
export type {
  EventSnapshot,
  LimitsSnapshot,
  MetricSnapshot,
  PromptSnapshot,
  ResourceSnapshot,
  SettingSnapshot,
  Snapshot,
  TemplateSnapshot,
  ToolSnapshot,
} from './snapshot.ts';
export { testContract, type ContractUnderTest } from './test-contract.ts';
