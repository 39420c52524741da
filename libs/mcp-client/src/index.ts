export { McpClientModule } from './mcp-client.module.ts';
export type { Refusal } from './refusal.ts';
export {
  RemoteContractBroken,
  RemoteOutcomeUnknown,
  RemoteRefusal,
  RemoteUnavailable,
  type RemoteTool,
} from './remote-errors.ts';
export { defineRemoteServer, type RemoteServerDefinition } from './remote-server-definition.ts';
export type { RemoteAnswer, RemoteCallOptions, RemoteServer } from './remote-server.ts';
export { remoteServerSettings, type RemoteServerSettings } from './remote-server.settings.ts';
export { RemoteServers, type RemoteServersParts } from './remote-servers.ts';
export { traceContext, type TraceContext } from './trace-context.ts';
