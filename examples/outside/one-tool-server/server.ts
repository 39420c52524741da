import { AuthModule } from '@gantry/auth';
import { defineTool, Tool, type InputOf, type OutputOf, type ToolHandler } from '@gantry/pipeline';
import { createService } from '@gantry/service';
import { Injectable, Module } from '@nestjs/common';
import { z } from 'zod';

const greetPerson = defineTool({
  name: 'greet_person',
  title: 'Greet somebody',
  description:
    'Greets a person by name. Use it to say hello; it remembers nothing. At most 120 calls a minute.',
  input: z.strictObject({ name: z.string().min(1).max(100).describe('Whom to greet.') }),
  output: z.object({ greeting: z.string() }),
  scopes: ['greetings:read'],
  effect: 'read',
});

@Injectable()
@Tool(greetPerson)
class GreetPersonTool implements ToolHandler<typeof greetPerson> {
  call({ name }: InputOf<typeof greetPerson>): Promise<OutputOf<typeof greetPerson>> {
    return Promise.resolve({ greeting: `Hello, ${name}!` });
  }
}

@Module({
  imports: [AuthModule.forRoot({ scopesSupported: ['greetings:read'] })],
  providers: [GreetPersonTool],
})
class GreeterModule {}

await createService(GreeterModule, new URL('../package.json', import.meta.url));
