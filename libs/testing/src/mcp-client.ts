import type { Client as ModernSdkClient } from '@modelcontextprotocol/client';
import type { Client as LegacySdkClient } from '@modelcontextprotocol/sdk/client/index.js';

/** The newest protocol revision that Gantry's servers speak; modern clients insist on it. */
export const MODERN_PROTOCOL_VERSION = '2026-07-28';

/** A tool as a client sees it. */
export interface ListedTool {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly inputSchema: Readonly<Record<string, unknown>>;
  readonly outputSchema?: Readonly<Record<string, unknown>>;
  readonly annotations?: Readonly<Record<string, unknown>>;
}

/** One part of a tool's answer. */
export interface ContentPart {
  readonly type: string;
  readonly text?: string;
}

/** What a tool answered, success or not. */
export interface ToolAnswer {
  readonly content: readonly ContentPart[];
  readonly structuredContent?: Readonly<Record<string, unknown>>;
  readonly isError?: boolean;
  readonly _meta?: Readonly<Record<string, unknown>>;
}

/** A resource as a client sees it in a list. */
export interface ListedResource {
  readonly uri: string;
  readonly name: string;
  readonly mimeType?: string;
}

/** What a resource contains. */
export interface ResourceContent {
  readonly uri: string;
  readonly mimeType?: string;
  readonly text?: string;
}

/** What may go along with a call. */
export interface CallOptions {
  /** Cancels the call. */
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
  /** Sent as the request's `_meta`. */
  readonly meta?: Readonly<Record<string, unknown>>;
}

/** An MCP client, the same to use whichever SDK and protocol era is behind it. */
export interface McpClient<Sdk = ModernSdkClient | LegacySdkClient> {
  /** The SDK's own client, for what this interface leaves out. */
  readonly raw: Sdk;
  readonly protocolVersion: string | undefined;
  listTools(): Promise<readonly ListedTool[]>;
  callTool(
    name: string,
    args?: Readonly<Record<string, unknown>>,
    options?: CallOptions,
  ): Promise<ToolAnswer>;
  listResources(): Promise<readonly ListedResource[]>;
  readResource(uri: string): Promise<readonly ResourceContent[]>;
  close(): Promise<void>;
}

/** An MCP client of a server process that it started. */
export interface StdioClient extends McpClient<ModernSdkClient> {
  /** All that the server wrote to its standard error so far. */
  readonly stderr: string;
}

/** The server process that {@link connectStdio} starts. */
export interface StdioServer {
  readonly command: string;
  readonly args?: readonly string[];
  /** Variables beside the few harmless ones that the SDK passes on. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Protocol era to speak. Default: modern. */
  readonly era?: 'modern' | 'legacy';
}

const CLIENT_INFO = { name: 'gantry-testing', version: '0.1.0' };

/** Connects with the SDK 2.x and protocol revision 2026-07-28; never falls back to an older one. */
export async function connectModern(url: string, token?: string): Promise<McpClient<ModernSdkClient>> {
  const { Client, StreamableHTTPClientTransport } = await import('@modelcontextprotocol/client');
  const client = new Client(CLIENT_INFO, { versionNegotiation: { mode: { pin: MODERN_PROTOCOL_VERSION } } });
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: withToken(token) }));
  return modern(client);
}

/** Connects with the SDK 1.x, which speaks 2025-11-25 and before. */
export async function connectLegacy(url: string, token?: string): Promise<McpClient<LegacySdkClient>> {
  const { Client } = await import('@modelcontextprotocol/sdk/client/index.js');
  const { StreamableHTTPClientTransport } =
    await import('@modelcontextprotocol/sdk/client/streamableHttp.js');
  const client = new Client(CLIENT_INFO);
  const transport = new StreamableHTTPClientTransport(new URL(url), { requestInit: withToken(token) });
  let protocolVersion: string | undefined;
  // The 1.x client tells the negotiated version to nobody but its transport.
  const setProtocolVersion = transport.setProtocolVersion.bind(transport);
  transport.setProtocolVersion = (version) => setProtocolVersion((protocolVersion = version));
  await client.connect(transport);
  return {
    raw: client,
    protocolVersion,
    listTools: async () => (await client.listTools()).tools,
    callTool: async (name, args, options) =>
      (await client.callTool(
        toolCall(name, args, options),
        undefined,
        requestOptions(options),
      )) as ToolAnswer,
    listResources: async () => (await client.listResources()).resources,
    readResource: async (uri) => (await client.readResource({ uri })).contents,
    close: () => client.close(),
  };
}

/** Starts a server process and talks to it over its standard input and output. */
export async function connectStdio(server: StdioServer): Promise<StdioClient> {
  const { Client } = await import('@modelcontextprotocol/client');
  const { StdioClientTransport, getDefaultEnvironment } = await import('@modelcontextprotocol/client/stdio');
  const { command, args = [], env, cwd, era = 'modern' } = server;
  const transport = new StdioClientTransport({
    command,
    args: [...args],
    env: { ...getDefaultEnvironment(), ...env },
    stderr: 'pipe',
    ...(cwd !== undefined && { cwd }),
  });
  let stderr = '';
  transport.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const mode = era === 'modern' ? { pin: MODERN_PROTOCOL_VERSION } : 'legacy';
  const client = new Client(CLIENT_INFO, { versionNegotiation: { mode } });
  try {
    await client.connect(transport);
  } catch (cause) {
    await client.close();
    throw new Error(`No MCP server at ${command} ${args.join(' ')}.\n${stderr}`, { cause });
  }
  return Object.defineProperty(modern(client) as StdioClient, 'stderr', { get: () => stderr });
}

function modern(client: ModernSdkClient): McpClient<ModernSdkClient> {
  // A test asks because something may have changed: never answer from the SDK's cache.
  const fresh = { cacheMode: 'refresh' } as const;
  return {
    raw: client,
    protocolVersion: client.getNegotiatedProtocolVersion(),
    listTools: async () => (await client.listTools(undefined, fresh)).tools,
    callTool: async (name, args, options) =>
      (await client.callTool(toolCall(name, args, options), requestOptions(options))) as ToolAnswer,
    listResources: async () => (await client.listResources(undefined, fresh)).resources,
    readResource: async (uri) => (await client.readResource({ uri }, fresh)).contents,
    close: () => client.close(),
  };
}

function toolCall(name: string, args: CallOptions['meta'] = {}, { meta }: CallOptions = {}) {
  return { name, arguments: { ...args }, ...(meta && { _meta: { ...meta } }) };
}

function requestOptions({ signal, timeoutMs }: CallOptions = {}) {
  return { ...(signal && { signal }), ...(timeoutMs !== undefined && { timeout: timeoutMs }) };
}

function withToken(token: string | undefined): RequestInit {
  return token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } };
}
