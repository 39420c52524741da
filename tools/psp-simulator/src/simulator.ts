import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { StripeApi } from './api.ts';
import { Books, type Effect } from './books.ts';
import { control } from './control.ts';
import { Faults, mulberry32 } from './faults.ts';
import { Journal } from './journal.ts';
import { effectsOf, ledgerOf, type EffectFilter, type Ledger } from './ledger.ts';
import type { Refund } from './objects.ts';
import { failRefund } from './refunds.ts';
import { settlementCsv, type Period } from './settlement.ts';
import { Webhooks, type WebhookTarget } from './webhooks.ts';

/** How a simulator is started. */
export interface SimulatorOptions {
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** 127.0.0.1 if there is none. */
  readonly host?: string;
  /** The file in which everything is kept over restarts; without it, in memory alone. */
  readonly state?: string;
  /** Where chance begins: of faults with a probability, and of webhooks in disorder. */
  readonly seed?: number;
  readonly webhook?: WebhookTarget;
}

/** A running simulator. */
export interface Simulator {
  readonly host: string;
  readonly port: number;
  readonly url: string;
  readonly faults: Faults;
  readonly webhooks: Webhooks;
  ledger(): Ledger;
  /** The effects that match; their number is how often something really happened. */
  effects(filter?: EffectFilter): Effect[];
  /** What Stripe reports of a period, of all time if none is given. */
  settlementCsv(period?: Period): string;
  /** Lets a refund come back, as banks do it after days. */
  failRefund(id: string): Refund;
  /** As if a day had passed: the same key may have its effect again. */
  forgetIdempotencyKeys(): void;
  close(): Promise<void>;
}

/** Starts a server that speaks the part of Stripe's API that takes payments by card. */
export async function startSimulator({
  port = 0,
  host = '127.0.0.1',
  state,
  seed = 1,
  webhook,
}: SimulatorOptions = {}): Promise<Simulator> {
  const journal = state === undefined ? undefined : new Journal(state);
  const books = new Books({
    history: journal?.history ?? [],
    write: (changes) => journal?.write(changes),
    eventsWanted: webhook !== undefined,
  });
  const faults = new Faults(seed);
  const webhooks = new Webhooks(books, webhook, mulberry32(seed));
  const api = new StripeApi(books, faults, () => webhooks.send());

  const controlled = {
    faults,
    webhooks,
    ledger: () => ledgerOf(books),
    effects: (filter = {}) => effectsOf(books, filter),
    settlementCsv: (period) => settlementCsv(books, period),
    failRefund(id: string) {
      const failed = failRefund(books, id);
      webhooks.send();
      return failed;
    },
    forgetIdempotencyKeys() {
      books.record({ answersForgotten: true });
      books.commit();
    },
  } satisfies Partial<Simulator>;

  const server = createServer((request, response) => {
    if (request.url?.startsWith('/_simulator/')) void control(simulator, request, response);
    else void api.handle(request, response);
  });
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address() as AddressInfo;
  const simulator: Simulator = {
    ...controlled,
    host,
    port: address.port,
    url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
      await webhooks.close();
      journal?.close();
    },
  };
  // What was not acknowledged before the last end.
  webhooks.send();
  return simulator;
}
