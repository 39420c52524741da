import { HealthRegistry, ServiceInfo } from '@gantry/observability';
import { defineTool, Tool, type OutputOf, type ToolHandler } from '@gantry/pipeline';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';

const healthCheck = defineTool({
  name: 'health_check',
  title: 'Check the health of this service',
  description:
    'Tells whether this service and what it depends on are working. Use it when calls fail with dependency_unavailable or timeout, to find out if waiting makes sense. Not needed before ordinary calls. Returns the overall status and one entry per dependency. At most 60 calls a minute.',
  input: z.strictObject({}),
  output: z.object({
    status: z.enum(['ok', 'error', 'draining']),
    service: z.string(),
    version: z.string(),
    dependencies: z.record(z.string(), z.object({ status: z.enum(['up', 'down']) })),
  }),
  scopes: [],
  effect: 'read',
  limits: { callsPerMinute: 60 },
});

/** The tool that every service has. */
@Injectable()
@Tool(healthCheck)
export class HealthCheckTool implements ToolHandler<typeof healthCheck> {
  constructor(
    private readonly health: HealthRegistry,
    private readonly service: ServiceInfo,
  ) {}

  async call(): Promise<OutputOf<typeof healthCheck>> {
    const { status, dependencies } = await this.health.report();
    return { status, service: this.service.name, version: this.service.version, dependencies };
  }
}
