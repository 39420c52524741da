import { ScopeHierarchy, stdioPrincipal, stdioPrincipalSettings } from '@gantry/auth';
import { Config } from '@gantry/config';
import { InFlight, StdioServer, type StdioStreams } from '@gantry/mcp';
import { NestLog } from '@gantry/observability';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { RunningService } from './running-service.ts';

/** Serves one client over stdin and stdout, as the principal that the configuration names. */
export async function startStdio(root: DynamicModule, streams?: StdioStreams): Promise<RunningService> {
  const app = await NestFactory.createApplicationContext(root, { bufferLogs: true, abortOnError: false });
  app.useLogger(app.get(NestLog));
  const principal = stdioPrincipal(app.get(Config).get(stdioPrincipalSettings), app.get(ScopeHierarchy));
  return {
    app,
    finished: app.get(StdioServer).serve(principal, streams),
    stop: async () => {
      await app.get(InFlight).drain(0);
      await app.close();
    },
  };
}
