import { writeFileSync } from 'node:fs';
import type { Input } from './input.ts';

/**
 * Writes an input as a shell script that sends it again, and a file with its body.
 *
 * @param base - path without extension
 * @returns path of the script
 */
export function saveInput(base: string, service: string, input: Input): string {
  const { path = '/mcp', httpMethod = 'POST', headers, body } = input;
  const script = `${base}.sh`;
  writeFileSync(`${base}.body`, body);
  writeFileSync(
    script,
    [
      '#!/bin/sh',
      `# ${service}, ${input.family}: ${input.what}`.replace(/[^\x20-\x7e]/g, '?'),
      '# With `make serve` running: ORIGIN=http://127.0.0.1:7401 TOKEN=$(make -s token SERVICE=records) sh this-file',
      'cd "$(dirname "$0")" || exit 1',
      `curl --silent --show-error --include --path-as-is --request ${quoted(httpMethod)} \\`,
      ...headers.map(([name, value]) => `  --header ${header(name, value, input)} \\`),
      `  --data-binary @${quoted(base.replace(/^.*\//, '') + '.body')} "\${ORIGIN:?}"${quoted(path)}`,
      '',
    ].join('\n'),
    { mode: 0o755 },
  );
  return script;
}

/** A good token is of this run alone; a forged one is what it is about. */
function header(name: string, value: string, { family }: Input): string {
  if (name === 'authorization' && family !== 'jwt') return '"authorization: Bearer ${TOKEN:?}"';
  return quoted(`${name}: ${value}`);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
