import { reset } from './reset.ts';
import { serve } from './serve.ts';
import { ROOT, type ServiceEntry } from './services.ts';
import { readStackSettings, StackError } from './stack-settings.ts';
import { stopRequest } from './stop-request.ts';
import { token } from './token.ts';

/**
 * Runs the command that this process was started with, and ends the process: `serve`, `token [service [client]]`,
 * `reset`.
 */
export async function runCommand(services: readonly ServiceEntry[]): Promise<never> {
  const write = (text: string) => void process.stdout.write(text);
  try {
    const settings = readStackSettings(process.env, ROOT);
    const [command, service, client] = process.argv.slice(2);
    if (command === 'serve') await serve(settings, services, write, stopRequest());
    else if (command === 'token') write(await token(settings, services, service, client));
    else if (command === 'reset') write(await reset(settings));
    else throw new StackError('Usage: serve | token [service [client]] | reset');
    process.exit(0);
  } catch (error) {
    const known = error instanceof StackError;
    process.stderr.write(`\n${known ? error.message : ((error as Error).stack ?? String(error))}\n`);
    process.exit(1);
  }
}
