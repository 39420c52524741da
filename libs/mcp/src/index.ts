export { Catalogue, type CallResult } from './catalogue/catalogue.ts';
export { contractFindings, MAX_TOOLS } from './catalogue/contract-rules.ts';
export { Prompts, type PromptListing } from './catalogue/prompts.ts';
export {
  Resource,
  resourceContractOf,
  type ResourceContract,
  type ResourceHandler,
  type ResourceRequest,
} from './catalogue/resource.ts';
export { mayUse } from './catalogue/may-use.ts';
export {
  Prompt,
  promptContractOf,
  type PromptContract,
  type PromptHandler,
  type PromptMessage,
} from './catalogue/prompt.ts';
export {
  ResourceTemplate,
  resourceTemplateContractOf,
  type CompletionRequest,
  type ListedResource,
  type ResourceTemplateContract,
  type ResourceTemplateHandler,
} from './catalogue/resource-template.ts';
export { Resources, type ResourceListing, type ResourceTemplateListing } from './catalogue/resources.ts';
export type { CallRequest } from './catalogue/running-call.ts';
export { callerInputOf } from './catalogue/tool-input.ts';
export { CONTRACT_VERSION_META_KEY, toolListing, type ToolListing } from './catalogue/tool-listing.ts';
export { ResourceChanges } from './changes/resource-changes.ts';
export { MCP_PATH, McpEndpoint } from './http/mcp-endpoint.ts';
export { InFlight } from './in-flight.ts';
export { McpModule } from './mcp.module.ts';
export { mcpSettings } from './mcp.settings.ts';
export { ERROR_META_KEY } from './sdk/tool-result.ts';
export { StdioServer, type StdioStreams } from './stdio/stdio-server.ts';
