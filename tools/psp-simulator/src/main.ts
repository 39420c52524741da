import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { startSimulator } from './simulator.ts';

const USAGE = `Usage: node src/main.ts [--port 7410] [--host 127.0.0.1] [--state FILE] [--seed N]
                        [--webhook-url URL --webhook-secret-file FILE]
`;

try {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '7410' },
      host: { type: 'string', default: '127.0.0.1' },
      state: { type: 'string' },
      seed: { type: 'string', default: '1' },
      'webhook-url': { type: 'string' },
      'webhook-secret-file': { type: 'string' },
    },
  });
  const { 'webhook-url': url, 'webhook-secret-file': secretFile } = values;
  if ((url === undefined) !== (secretFile === undefined))
    throw new TypeError('--webhook-url and --webhook-secret-file go together.');
  const simulator = await startSimulator({
    port: wholeNumber('port', values.port),
    host: values.host,
    seed: wholeNumber('seed', values.seed),
    ...(values.state !== undefined && { state: values.state }),
    ...(url !== undefined && { webhook: { url, secret: readFileSync(secretFile!, 'utf8').trimEnd() } }),
  });
  process.stdout.write(`psp-simulator ready on ${simulator.url}\n`);
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void simulator.close());
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n${USAGE}`);
  process.exitCode = 1;
}

function wholeNumber(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new TypeError(`--${name} must be a whole number.`);
  return Number(text);
}
