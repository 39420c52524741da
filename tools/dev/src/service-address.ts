import { AUTHORIZATION_PORT_OFFSET, type StackSettings } from './stack-settings.ts';

/** Where a service or a simulator of the stack is reached. */
export interface ServiceAddress {
  readonly port: number;
  readonly origin: string;
  /** The MCP endpoint of a service, which is also the audience of its tokens. */
  readonly url: string;
}

/** Where this service or simulator listens. */
export function addressOf(
  { portOffset }: { readonly portOffset: number },
  { portBase }: StackSettings,
): ServiceAddress {
  const port = portBase + portOffset;
  const origin = `http://127.0.0.1:${port}`;
  return { port, origin, url: `${origin}/mcp` };
}

/** The issuer of the stack's tokens. */
export function issuerOf({ portBase }: StackSettings): string {
  return `http://127.0.0.1:${portBase + AUTHORIZATION_PORT_OFFSET}`;
}
