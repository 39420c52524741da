import { AuthModule } from '@gantry/auth';
import { businessError } from '@gantry/errors';
import { ObservabilityModule, ServiceInfo, ServiceInfoModule } from '@gantry/observability';
import {
  defineTool,
  Tool,
  type InputOf,
  type OutputOf,
  type ToolCall,
  type ToolHandler,
} from '@gantry/pipeline';
import { startContainer, startIssuer, type TestIssuer } from '@gantry/testing';
import { Injectable, Module, type INestApplicationContext } from '@nestjs/common';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { InFlight, McpEndpoint, McpModule, Resource, type ResourceHandler } from '../src/index.ts';

const text = z.string().max(100).describe('Some text.');

const echoText = defineTool({
  name: 'echo_text',
  title: 'Echo',
  description: 'Returns the text it was given.',
  input: z.strictObject({ text }),
  output: z.object({ text: z.string() }),
  scopes: ['things:read'],
  effect: 'read',
});

@Injectable()
@Tool(echoText)
class EchoTextTool implements ToolHandler<typeof echoText> {
  async call(input: InputOf<typeof echoText>): Promise<OutputOf<typeof echoText>> {
    return Promise.resolve({ text: input.text });
  }
}

const createThing = defineTool({
  name: 'create_thing',
  title: 'Create',
  description: 'Creates a thing, or refuses with thing_refused.',
  input: z.strictObject({ mood: z.enum(['good', 'refused', 'undeclared', 'crash', 'wrong']) }),
  output: z.object({ id: z.string() }),
  scopes: ['things:write'],
  effect: 'create',
  errors: ['thing_refused'],
});

@Injectable()
@Tool(createThing)
class CreateThingTool implements ToolHandler<typeof createThing> {
  async call({ mood }: InputOf<typeof createThing>, call: ToolCall): Promise<OutputOf<typeof createThing>> {
    await Promise.resolve();
    if (mood === 'refused') throw businessError('thing_refused', 'No.', 'Use echo_text instead.');
    if (mood === 'undeclared') throw businessError('never_declared', 'No.', 'Nothing.');
    if (mood === 'crash') throw new Error('password=hunter2 at db.internal');
    if (mood === 'wrong') return { wrong: true } as never;
    return { id: call.idempotencyKey! };
  }
}

/** What the slow tool saw. */
export const slow = { started: 0, aborted: 0, finished: 0 };

const waitLong = defineTool({
  name: 'wait_long',
  title: 'Wait',
  description: 'Waits until it is told to stop.',
  input: z.strictObject({
    ms: z.number().int().max(60_000).describe('How long.'),
    deaf: z.boolean().default(false),
  }),
  output: z.object({}),
  scopes: ['things:read'],
  effect: 'read',
  limits: { deadlineMs: 1_500 },
});

@Injectable()
@Tool(waitLong)
class WaitLongTool implements ToolHandler<typeof waitLong> {
  async call({ ms, deaf }: InputOf<typeof waitLong>, call: ToolCall): Promise<OutputOf<typeof waitLong>> {
    slow.started++;
    call.reportProgress(1, 2, 'half-way');
    call.signal.addEventListener('abort', () => slow.aborted++);
    await sleep(ms, undefined, deaf ? {} : { signal: call.signal }).catch(() => {
      throw call.signal.reason;
    });
    slow.finished++;
    return {};
  }
}

@Injectable()
@Resource({
  uri: 'test://greeting',
  name: 'greeting',
  title: 'Greeting',
  description: 'A greeting.',
  mimeType: 'text/plain',
  scopes: ['things:read'],
  ttlMs: 5_000,
})
class GreetingResource implements ResourceHandler {
  read(): Promise<string> {
    return Promise.resolve('hello');
  }
}

@Injectable()
@Resource({
  uri: 'test://broken',
  name: 'broken',
  title: 'Broken',
  description: 'Always fails.',
  mimeType: 'text/plain',
  scopes: ['things:admin'],
  ttlMs: 0,
})
class BrokenResource implements ResourceHandler {
  read(): Promise<string> {
    return Promise.reject(new Error('secret stack'));
  }
}

/** A small service with no database. */
@Module({
  imports: [
    ServiceInfoModule.with(new ServiceInfo('fixture', '1.2.3')),
    ObservabilityModule,
    AuthModule.forRoot({ scopesSupported: ['things:read', 'things:write'] }),
    McpModule,
  ],
  providers: [EchoTextTool, CreateThingTool, WaitLongTool, GreetingResource, BrokenResource],
})
class FixtureModule {}

/** A running fixture. */
export interface Fixture {
  app: INestApplicationContext;
  issuer: TestIssuer;
  url: string;
  inFlight: InFlight;
  token(...scopes: string[]): Promise<string>;
  close(): Promise<void>;
}

/** Serves {@link FixtureModule} over HTTP with a real issuer. */
export async function startFixture(env: Record<string, string> = {}): Promise<Fixture> {
  const issuer = await startIssuer();
  const audience = 'http://fixture.example/mcp';
  const { app, stop } = await startContainer(
    { imports: [FixtureModule] },
    { MCP_AUTH_ISSUER: issuer.url, MCP_AUTH_AUDIENCE: audience, MCP_LOG_LEVEL: 'fatal', ...env },
  );
  const endpoint = app.get(McpEndpoint);
  const server = createServer((req, res) => void endpoint.handle(req, res));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    app,
    issuer,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    inFlight: app.get(InFlight),
    token: (...scopes) => issuer.token({ audience, scopes, tenant: 'acme', subject: 'ada', client: 'tests' }),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await stop();
      await issuer.close().catch(() => {});
    },
  };
}
