/** Something that is sent to a service over HTTP. */
export interface Input {
  /** What it belongs to: `fuzz`, or an attack. */
  readonly family: string;
  /** In a few words, for people. */
  readonly what: string;
  /** `/mcp` unless told. */
  readonly path?: string;
  readonly httpMethod?: string;
  /** In this order; a name may occur twice. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string | Uint8Array;
  /** Which request this is, if it is one: decides what counts as a proper answer. */
  readonly asked?: Asked;
  /** A server that has had enough of it may break the connection. */
  readonly mayBreak?: boolean;
  /** What is read until then is the answer: for streams that do not end. */
  readonly endAfterMs?: number;
}

/** A JSON-RPC request, as its sender means it. */
export interface Asked {
  readonly method: string;
  readonly era: Era;
  /** Of a tool. */
  readonly name?: string | undefined;
  /** Its answer must bear it; absent where the message may be unreadable. */
  readonly id?: string | number;
}

/** Which revision a client speaks: 2026-07-28, or the one before. */
export type Era = 'modern' | 'legacy';

/** What came back. */
export interface Answer {
  readonly status: number;
  readonly headers: string;
  readonly type: string;
  readonly text: string;
  readonly tookMs: number;
  /** Why there is no answer. */
  readonly failure?: string;
}

export const REVISIONS: Readonly<Record<Era, string>> = { modern: '2026-07-28', legacy: '2025-11-25' };

/** What changes from one request to the next. */
export interface RequestOptions {
  readonly family: string;
  readonly what: string;
  readonly token: string;
  readonly era?: Era;
  /** What the client declares; all that there is unless told. */
  readonly capabilities?: object;
  /** Beside, or in place of, the usual ones; `undefined` leaves one out. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** The text of `params` in place of `params`: for what JSON.stringify would not write. */
  readonly paramsText?: string;
  readonly endAfterMs?: number;
  /** The next one unless told. */
  readonly id?: number;
}

/** Everything that clients can do, so that all ways of answering are open. */
export const ALL_CAPABILITIES = {
  elicitation: { form: {} },
  extensions: { 'io.modelcontextprotocol/tasks': {} },
};

let lastId = 0;

/** A well-formed request, but for what is in `params`. */
export function request(method: string, params: Record<string, unknown>, options: RequestOptions): Input {
  const { family, what, era = 'modern', endAfterMs, id = (lastId += 1) } = options;
  const name = nameOf(method, params);
  const paramsText = options.paramsText ?? JSON.stringify(withMeta(params, options));
  return {
    family,
    what,
    headers: headersOf(method, name, options),
    body: `{"jsonrpc":"2.0","id":${id},"method":${JSON.stringify(method)},"params":${paramsText}}`,
    asked: { method, era, id, name: method === 'tools/call' ? name : undefined },
    ...(endAfterMs !== undefined && { endAfterMs }),
  };
}

/** Parameters with what every request of 2026-07-28 must say. */
export function withMeta(
  params: Record<string, unknown>,
  { era = 'modern', capabilities = ALL_CAPABILITIES }: Pick<RequestOptions, 'era' | 'capabilities'>,
): Record<string, unknown> {
  if (era === 'legacy') return params;
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': REVISIONS.modern,
    'io.modelcontextprotocol/clientCapabilities': capabilities,
    'io.modelcontextprotocol/clientInfo': { name: 'hostile-input', version: '0' },
    ...(params['_meta'] as object | undefined),
  };
  // No spread: it would take what is called __proto__ for something else.
  return Object.defineProperty(copyOf(params), '_meta', { value: _meta, enumerable: true });
}

function copyOf(params: Record<string, unknown>): Record<string, unknown> {
  return Object.defineProperties({}, Object.getOwnPropertyDescriptors(params));
}

function headersOf(
  method: string,
  name: string | undefined,
  { token, era = 'modern', headers }: RequestOptions,
): [string, string][] {
  const all: Record<string, string | undefined> = {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    authorization: `Bearer ${token}`,
    'mcp-protocol-version': REVISIONS[era],
    ...(era === 'modern' && { 'mcp-method': headerText(method), 'mcp-name': name && headerText(name) }),
    ...headers,
  };
  return Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined);
}

function nameOf(method: string, params: Record<string, unknown>): string | undefined {
  const field = { 'resources/read': 'uri', 'tools/call': 'name', 'prompts/get': 'name' }[method];
  const name = params[field ?? (method.startsWith('tasks/') ? 'taskId' : '')];
  return typeof name === 'string' ? name : undefined;
}

/** More would be refused by Node before anybody else sees the request; that is an attack of its own. */
const MAX_HEADER = 4_000;

/** As 2026-07-28 writes what is no plain text into a header. */
export function headerText(whole: string): string {
  const text = whole.slice(0, MAX_HEADER);
  const isPlain = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(text) && !text.startsWith('=?');
  return isPlain ? text : `=?base64?${Buffer.from(text).toString('base64')}?=`;
}
