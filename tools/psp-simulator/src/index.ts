export type { Effect, EffectKind } from './books.ts';
export type { EndpointName } from './endpoints.ts';
export type { Faults, FaultPlan } from './faults.ts';
export type { EffectFilter, Ledger } from './ledger.ts';
export type { Charge, Event, PaymentIntent, Refund } from './objects.ts';
export type { Period } from './settlement.ts';
export { startSimulator, type Simulator, type SimulatorOptions } from './simulator.ts';
export { signature, type ReleaseOrder, type Webhooks, type WebhookTarget } from './webhooks.ts';
