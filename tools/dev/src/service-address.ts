import type { ServiceEntry } from './services.ts';
import { AUTHORIZATION_PORT_OFFSET, type StackSettings } from './stack-settings.ts';

/** Where a service of the stack is reached. */
export interface ServiceAddress {
  readonly port: number;
  readonly origin: string;
  /** Its MCP endpoint, which is also the audience of its tokens. */
  readonly url: string;
}

/** Where this service listens. */
export function addressOf({ portOffset }: ServiceEntry, { portBase }: StackSettings): ServiceAddress {
  const port = portBase + portOffset;
  const origin = `http://127.0.0.1:${port}`;
  return { port, origin, url: `${origin}/mcp` };
}

/** The issuer of the stack's tokens. */
export function issuerOf({ portBase }: StackSettings): string {
  return `http://127.0.0.1:${portBase + AUTHORIZATION_PORT_OFFSET}`;
}
