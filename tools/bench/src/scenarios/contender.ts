import type { Order } from '../load/order.ts';
import type { Part } from '../options.ts';
import type { ServerProcess } from '../servers/process.ts';

/** A server that runs, with what it is asked. */
export interface Contender {
  /** As in `--profile gantry:trivial`. */
  readonly name: string;
  /** In the table. */
  readonly title: string;
  readonly server: ServerProcess;
  readonly order: Omit<Order, 'requests' | 'connections'>;
  /** Throws if this is no right answer. */
  readonly verify: (answer: string) => void;
}

/** Starts one. */
export interface Entry {
  readonly name: string;
  start(): Promise<Contender>;
}

/** A comparison: servers that are asked the same. */
export interface Scenario {
  readonly name: Part;
  readonly title: string;
  /** The first is what the others are compared with. */
  readonly entries: readonly Entry[];
  /** Of the number of requests of a round: what is costly needs fewer. */
  readonly share: number;
}
