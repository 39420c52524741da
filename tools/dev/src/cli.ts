import { callTool } from './call-tool.ts';
import { demoCall } from './demo-call.ts';
import { importCatalogue } from './import-catalogue.ts';
import { reset } from './reset.ts';
import { serve } from './serve.ts';
import { ROOT, type ServiceEntry } from './service-entry.ts';
import { readStackSettings, StackError, type StackSettings } from './stack-settings.ts';
import { stopRequest } from './stop-request.ts';
import { token } from './token.ts';
import { toolArguments } from './tool-arguments.ts';
import { withStripe } from './with-stripe.ts';

/** What can be written behind the name of the program. */
const USAGE = `Usage:
  serve
  token [service [client]]
  call service tool [name=text | name:=json ...]
  import-catalogue products|customers file
  reset`;

type Command = (...args: (string | undefined)[]) => Promise<void>;

/** Runs the command that this process was started with, and ends the process. */
export async function runCommand(services: readonly ServiceEntry[]): Promise<never> {
  const write = (text: string) => void process.stdout.write(text);
  try {
    const settings = readStackSettings(process.env, ROOT);
    const [name = '', ...args] = process.argv.slice(2);
    const command = commands(settings, withStripe(services, process.env), write).get(name);
    if (!command) throw new StackError(USAGE);
    await command(...args);
    process.exit(0);
  } catch (error) {
    const known = error instanceof StackError;
    process.stderr.write(`\n${known ? error.message : ((error as Error).stack ?? String(error))}\n`);
    process.exit(1);
  }
}

function commands(
  settings: StackSettings,
  services: readonly ServiceEntry[],
  write: (text: string) => void,
): Map<string, Command> {
  return new Map<string, Command>([
    ['serve', () => serve(settings, services, write, stopRequest())],
    ['token', async (service, client) => write(`${await token(settings, services, service, client)}\n`)],
    [
      'call',
      async (service, tool, ...pairs) => {
        if (tool === undefined) throw new StackError(USAGE);
        const args = toolArguments(pairs as string[]);
        const call = await demoCall(settings, services, service, callTool);
        write(`${JSON.stringify(await call(tool, args), null, 2)}\n`);
      },
    ],
    [
      'import-catalogue',
      async (kind, file) =>
        importCatalogue({ kind, file }, await demoCall(settings, services, 'orders'), write),
    ],
    ['reset', async () => write(await reset(settings))],
  ]);
}
