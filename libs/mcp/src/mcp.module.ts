import { UsesSettings } from '@gantry/config';
import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Catalogue } from './catalogue/catalogue.ts';
import { McpEndpoint } from './http/mcp-endpoint.ts';
import { MetadataController } from './http/metadata.controller.ts';
import { InFlight } from './in-flight.ts';
import { mcpSettings } from './mcp.settings.ts';
import { ServerFactory } from './sdk/server-factory.ts';
import { DeadlineStage } from './stages/deadline.stage.ts';
import { ValidateInputStage } from './stages/validate-input.stage.ts';
import { ValidateOutputStage } from './stages/validate-output.stage.ts';
import { StdioServer } from './stdio/stdio-server.ts';

/** The MCP runtime over whatever tools, resources and stages the application's modules provide. */
@Global()
@Module({
  imports: [DiscoveryModule],
  controllers: [MetadataController],
  providers: [
    Catalogue,
    ServerFactory,
    McpEndpoint,
    StdioServer,
    InFlight,
    ValidateInputStage,
    DeadlineStage,
    ValidateOutputStage,
  ],
  exports: [Catalogue, McpEndpoint, StdioServer, InFlight],
})
@UsesSettings(mcpSettings)
export class McpModule {}
