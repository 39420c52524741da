export { Catalogue, mayUse, type CallRequest, type CallResult } from './catalogue/catalogue.ts';
export { contractFindings, MAX_TOOLS } from './catalogue/contract-rules.ts';
export {
  Resource,
  resourceContractOf,
  type ResourceContract,
  type ResourceHandler,
  type ResourceRequest,
} from './catalogue/resource.ts';
export { callerInputOf } from './catalogue/tool-input.ts';
export { toolListing, type ToolListing } from './catalogue/tool-listing.ts';
export { MCP_PATH, McpEndpoint } from './http/mcp-endpoint.ts';
export { InFlight } from './in-flight.ts';
export { McpModule } from './mcp.module.ts';
export { mcpSettings } from './mcp.settings.ts';
export { ERROR_META_KEY } from './sdk/tool-result.ts';
export { StdioServer, type StdioStreams } from './stdio/stdio-server.ts';
