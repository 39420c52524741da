import { UsesSettings } from '@gantry/config';
import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Catalogue } from './catalogue/catalogue.ts';
import { ChangeFeed } from './changes/change-feed.ts';
import { ChangeRelay } from './changes/change-relay.ts';
import { ResourceChanges } from './changes/resource-changes.ts';
import { elicitationSettings } from './elicitation/elicitation.settings.ts';
import { ElicitationStage } from './elicitation/elicitation.stage.ts';
import { ListenStreams } from './http/listen-streams.ts';
import { McpEndpoint } from './http/mcp-endpoint.ts';
import { MetadataController } from './http/metadata.controller.ts';
import { InFlight } from './in-flight.ts';
import { mcpSettings } from './mcp.settings.ts';
import { ModernFrontEnd } from './modern/modern-front-end.ts';
import { ServerFactory } from './sdk/server-factory.ts';
import { DeadlineStage } from './stages/deadline.stage.ts';
import { ValidateInputStage } from './stages/validate-input.stage.ts';
import { ValidateOutputStage } from './stages/validate-output.stage.ts';
import { StdioServer } from './stdio/stdio-server.ts';
import { Tasks } from './tasks/tasks.ts';

/** The MCP runtime over whatever tools, resources and stages the application's modules provide. */
@Global()
@Module({
  imports: [DiscoveryModule],
  controllers: [MetadataController],
  providers: [
    Catalogue,
    ServerFactory,
    McpEndpoint,
    ModernFrontEnd,
    ListenStreams,
    StdioServer,
    InFlight,
    ChangeFeed,
    ChangeRelay,
    ResourceChanges,
    Tasks,
    ElicitationStage,
    ValidateInputStage,
    DeadlineStage,
    ValidateOutputStage,
  ],
  exports: [Catalogue, McpEndpoint, StdioServer, InFlight, ResourceChanges],
})
@UsesSettings(mcpSettings, elicitationSettings)
export class McpModule {}
