import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  PROTOCOL_VERSION_META_KEY,
  type ClientCapabilities,
} from '@modelcontextprotocol/server';
import type { IncomingHttpHeaders } from 'node:http';

/** The revision that is recognised here. */
export const MODERN_REVISION = '2026-07-28';

/** A request in which everything is as the revision wants it. */
export interface ModernRequest {
  readonly id: string | number;
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly meta: Readonly<Record<string, unknown>>;
  readonly clientInfo: { readonly name?: unknown; readonly version?: unknown } | undefined;
  readonly capabilities: ClientCapabilities;
  /** `Mcp-Name`, which the methods that name something compare with it. */
  readonly nameHeader: unknown;
}

/**
 * Recognises a request of 2026-07-28 that is in order and plain: no progress, no answers, nothing unusual about its
 * client. It knows no rule but "surely right": what it returns `undefined` for may be just as right, and the SDK says
 * what is wrong with the rest.
 */
export function modernRequest(headers: IncomingHttpHeaders, message: object): ModernRequest | undefined {
  const { jsonrpc, id, method, params } = message as Record<string, unknown>;
  if (headers['mcp-protocol-version'] !== MODERN_REVISION || headers['mcp-method'] !== method)
    return undefined;
  if (jsonrpc !== '2.0' || typeof method !== 'string' || !isId(id) || !isObject(params)) return undefined;
  if (hasOther(message, MESSAGE_KEYS)) return undefined;
  const meta = params['_meta'];
  if (!isObject(meta) || meta[PROTOCOL_VERSION_META_KEY] !== MODERN_REVISION || !isPlain(meta))
    return undefined;
  const clientInfo = meta[CLIENT_INFO_META_KEY];
  const capabilities = meta[CLIENT_CAPABILITIES_META_KEY];
  if (clientInfo !== undefined && !isPlainClient(clientInfo)) return undefined;
  if (!isObject(capabilities) || !arePlainCapabilities(capabilities)) return undefined;
  return { id, method, params, meta, clientInfo, capabilities, nameHeader: headers['mcp-name'] };
}

/** Has an object keys beside these? */
export function hasOther(object: object, keys: ReadonlySet<string>): boolean {
  for (const key in object) if (!keys.has(key)) return true;
  return false;
}

/** A JSON object. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const MESSAGE_KEYS = new Set(['jsonrpc', 'id', 'method', 'params']);

function isId(id: unknown): id is string | number {
  return typeof id === 'string' || Number.isSafeInteger(id);
}

const RESERVED = 'io.modelcontextprotocol/';

const ENVELOPE_KEYS: ReadonlySet<string> = new Set([
  PROTOCOL_VERSION_META_KEY,
  CLIENT_INFO_META_KEY,
  CLIENT_CAPABILITIES_META_KEY,
]);

/** Nothing in `_meta` that a server would have to act on, but for the envelope. */
function isPlain(meta: object): boolean {
  for (const key in meta) {
    if (key === 'progressToken' || (key.startsWith(RESERVED) && !ENVELOPE_KEYS.has(key))) return false;
  }
  return true;
}

const CLIENT_KEYS = new Set(['name', 'version', 'title']);

/** What nearly all clients say of themselves: strings. */
function isPlainClient(client: unknown): client is { name: string; version: string } {
  if (!isObject(client) || typeof client['name'] !== 'string' || typeof client['version'] !== 'string')
    return false;
  if (hasOther(client, CLIENT_KEYS)) return false;
  return client['title'] === undefined || typeof client['title'] === 'string';
}

const CAPABILITIES = new Set(['elicitation', 'extensions', 'sampling']);
const ELICITATION = new Set(['form', 'url']);
const NONE = new Set<string>();

/** Declared by name alone, as nearly all clients do: `{"elicitation":{"form":{}},"extensions":{"…":{}}}`. */
function arePlainCapabilities(declared: Record<string, unknown>): boolean {
  if (hasOther(declared, CAPABILITIES)) return false;
  const { elicitation = {}, extensions = {}, sampling = {} } = declared;
  return isDeclared(elicitation, ELICITATION) && isDeclared(extensions) && isDeclared(sampling, NONE);
}

function isDeclared(declared: unknown, names?: ReadonlySet<string>): boolean {
  if (!isObject(declared) || (names && hasOther(declared, names))) return false;
  for (const key in declared) {
    const settings = declared[key];
    if (!isObject(settings) || hasOther(settings, NONE)) return false;
  }
  return true;
}
