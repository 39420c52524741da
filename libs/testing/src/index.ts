export { freePort } from '@gantry/dev-postgres';
export { hostileArguments } from './hostile-input.ts';
export {
  startIssuer,
  type IssuerOptions,
  type IssuerRequests,
  type TestIssuer,
  type TokenOptions,
} from './issuer.ts';
export {
  connectLegacy,
  connectModern,
  connectStdio,
  MODERN_PROTOCOL_VERSION,
  type CallOptions,
  type ContentPart,
  type ListedResource,
  type ListedTool,
  type McpClient,
  type ResourceContent,
  type StdioClient,
  type StdioServer,
  type ToolAnswer,
} from './mcp-client.ts';
export { startContainer, type TestContainer } from './start-container.ts';
export { startTestPostgres, type TestPostgres } from './postgres-server.ts';
export { startTestRedis, type TestRedis } from './redis-server.ts';
export { metricValue } from './metric-value.ts';
export { sendRaw, type RawAnswer, type RawRequest } from './send-raw.ts';
export { spawnService, type Exit, type SpawnedService, type SpawnOptions } from './spawn-service.ts';
export { startTcpProxy, type ProxyTarget, type TcpProxy } from './tcp-proxy.ts';
export { createTestDatabase, type TestDatabase } from './test-database.ts';
export type { IssuerClient } from './token-endpoint.ts';
export { testCall, testTool, type TestCall, type TestTool } from './tool-call.ts';
export { waitFor } from './wait-for.ts';
