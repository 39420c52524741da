import { listIntents, listRefunds } from './lists.ts';
import {
  cancelIntent,
  captureIntent,
  confirmIntent,
  createIntent,
  retrieveIntent,
} from './payment-intents.ts';
import { createRefund, retrieveRefund } from './refunds.ts';
import type { ApiRequest } from './request.ts';

/** The part of Stripe's API that is spoken, under the names by which faults are asked for. */
export const ENDPOINTS = {
  'payment_intents.create': { method: 'POST', path: '/v1/payment_intents', execute: createIntent },
  'payment_intents.list': { method: 'GET', path: '/v1/payment_intents', execute: listIntents },
  'payment_intents.retrieve': { method: 'GET', path: '/v1/payment_intents/:id', execute: retrieveIntent },
  'payment_intents.confirm': {
    method: 'POST',
    path: '/v1/payment_intents/:id/confirm',
    execute: confirmIntent,
  },
  'payment_intents.capture': {
    method: 'POST',
    path: '/v1/payment_intents/:id/capture',
    execute: captureIntent,
  },
  'payment_intents.cancel': { method: 'POST', path: '/v1/payment_intents/:id/cancel', execute: cancelIntent },
  'refunds.create': { method: 'POST', path: '/v1/refunds', execute: createRefund },
  'refunds.list': { method: 'GET', path: '/v1/refunds', execute: listRefunds },
  'refunds.retrieve': { method: 'GET', path: '/v1/refunds/:id', execute: retrieveRefund },
} as const satisfies Record<string, Endpoint>;

/** How an endpoint is reached and what it does. */
export interface Endpoint {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly execute: (request: ApiRequest) => object;
}

/** Names an endpoint. */
export type EndpointName = keyof typeof ENDPOINTS;

/** All of them. */
export const ENDPOINT_NAMES = Object.keys(ENDPOINTS) as EndpointName[];

const ROUTES = ENDPOINT_NAMES.map((name) => ({
  name,
  method: ENDPOINTS[name].method,
  pattern: new RegExp(`^${ENDPOINTS[name].path.replace(':id', '([^/]+)')}$`),
}));

/** Which endpoint a request is for, and the id in its path. */
export function route(method: string, path: string): { name: EndpointName; id: string } | undefined {
  for (const { name, method: expected, pattern } of ROUTES) {
    const match = method === expected ? pattern.exec(path) : null;
    if (match !== null) return { name, id: match[1] ?? '' };
  }
  return undefined;
}
