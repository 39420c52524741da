import { setTimeout as sleep } from 'node:timers/promises';
import { randomUUID } from 'node:crypto';
import type { Vocabulary } from '../fuzz/valid.ts';
import { outputOf } from '../judge/rpc.ts';
import type { HttpClient } from '../wire/http-client.ts';
import { request } from '../wire/input.ts';

/** In everything of the victim's that can hold text: whoever else sees it has broken in. */
export const MARKER = `planted-${randomUUID()}`;

/** What the victim's things are called. An attacker may guess it, and be told that there is no such thing. */
export const REFERENCE = `ref-${randomUUID()}`;

/** What was put into a service before it is attacked. */
export interface Plants {
  /** The attacker's own. */
  readonly own: Vocabulary;
  /** The victim's ids, by the property that takes them. */
  readonly foreign: Readonly<Record<string, readonly string[]>>;
  /** Ids that belong to a colleague of the attacker's alone, though they share a tenant. */
  readonly personal: Readonly<Record<string, readonly string[]>>;
  /** What others have done under a key, and got. */
  readonly keyed: readonly KeyedCall[];
  /** Where others have come to in a list. */
  readonly cursors: readonly ForeignCursor[];
}

/** A call that was made with an idempotency key. */
export interface KeyedCall {
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly output: Readonly<Record<string, unknown>>;
}

/** A cursor of another tenant. */
export interface ForeignCursor {
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly cursor: string;
}

/** What tools answer with, as far as it is looked at here. */
export interface Output {
  readonly [field: string]: unknown;
  readonly next_cursor?: string;
  readonly upload?: { readonly upload_id: string };
  readonly operation?: { readonly operation_id: string };
  readonly status?: string;
}

/** Uses a service as it is meant to be used. */
export class HonestClient {
  constructor(
    private readonly client: HttpClient,
    private readonly token: string,
  ) {}

  /** What a tool answers; fails if it refuses. */
  async call(name: string, args: object): Promise<Output> {
    const options = { family: 'plant', what: name, token: this.token, capabilities: {} };
    const answer = await this.client.send(request('tools/call', { name, arguments: args }, options));
    const output = outputOf(answer);
    if (!output) throw new Error(`${name} failed: ${answer.failure ?? answer.text}`);
    return output;
  }

  /** The same, remembered under its key. */
  async keyed(tool: string, args: object): Promise<KeyedCall> {
    const withKey = { ...args, idempotency_key: key() };
    return { tool, args: withKey, output: await this.call(tool, withKey) };
  }

  /** Starts an operation and waits for its end. Resolves with its id. */
  async operate(name: string, args: object): Promise<string> {
    const { operation } = await this.call(name, { ...args, idempotency_key: key() });
    const { operation_id } = operation!;
    for (;;) {
      const { status } = await this.call('check_operation_status', { operation_id });
      if (status === 'succeeded') return operation_id;
      if (status !== 'queued' && status !== 'running')
        throw new Error(`${name}: the operation is ${status}.`);
      await sleep(100);
    }
  }
}

/** A key that nobody has used. */
export function key(): string {
  return `key-${randomUUID()}`;
}
