import { parseArgs } from 'node:util';
import type { Effort } from './campaign.ts';
import type { Fault } from './faults/fault.ts';
import { FAULTS } from './faults/index.ts';

/** So many paid orders for each strike, and never fewer strikes than two. */
const ORDERS_A_STRIKE = 30;
const LEAST_STRIKES = 2;

/** What the command line says. */
export interface Options extends Effort {
  readonly faults: readonly Fault[];
  /** Only write the figures of the last run into the document. */
  readonly writeDocs: boolean;
}

/** @throws Error that says what is wrong with the command line */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      orders: { type: 'string', default: '300' },
      strikes: { type: 'string' },
      fault: { type: 'string', multiple: true },
      'write-docs': { type: 'boolean', default: false },
    },
  });
  const orders = whole('orders', values.orders);
  const strikes = Math.max(LEAST_STRIKES, Math.ceil(orders / ORDERS_A_STRIKE));
  return {
    orders,
    strikes: values.strikes === undefined ? strikes : whole('strikes', values.strikes),
    faults: values.fault?.map(faultNamed) ?? FAULTS,
    writeDocs: values['write-docs'],
  };
}

function whole(option: string, text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1) return number;
  throw new Error(`--${option} must be a whole number, not ${text}.`);
}

function faultNamed(name: string): Fault {
  const known = FAULTS.map((fault) => fault.name).join(', ');
  const fault = FAULTS.find((one) => one.name === name);
  if (!fault) throw new Error(`There is no fault '${name}'; there are: ${known}.`);
  return fault;
}
