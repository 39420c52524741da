import { relative } from 'node:path';
import { DEMO_TENANT } from './demo-client.ts';
import { addressOf, issuerOf } from './service-address.ts';
import type { StackService } from './stack.ts';
import { POSTGRES_PORT_OFFSET, type StackSettings } from './stack-settings.ts';
import { curlCommandFor } from './tool-request.ts';

/** What to know and to do once everything runs. */
export function welcome(settings: StackSettings, services: readonly StackService[], cwd: string): string {
  const state = shortest(settings.stateDirectory, cwd);
  return `
Gantry runs. Everything is kept in ${state}, logs are in ${state}/logs.

${table([
  ...services.map(({ entry, address }) => [entry.name, address.url, `health: ${address.origin}/health`]),
  ...services.flatMap(({ entry: { simulator } }) => {
    if (!simulator) return [];
    const { origin } = addressOf(simulator, settings);
    return [[simulator.name, origin, `what really happened: ${origin}${simulator.booksPath}`]];
  }),
  ['authorization server', issuerOf(settings), 'sign in as anyone: name@tenant'],
  ['Postgres', `127.0.0.1:${settings.portBase + POSTGRES_PORT_OFFSET}`, `passwords: ${state}/secrets`],
])}

Configuration for an MCP client. Its tokens are for the tenant "${DEMO_TENANT}" and good for 8 hours;
\`make token SERVICE=${services.at(-1)?.entry.name}\` prints another one.

${JSON.stringify(clientConfiguration(services), null, 2)}
${services.map(firstCall).join('')}
Ctrl-C stops it all.
`;
}

function firstCall({ entry, address, token }: StackService): string {
  return `
A first call of ${entry.name} to try:

${curlCommandFor(address.url, entry.firstCall, token)}
`;
}

function shortest(path: string, cwd: string): string {
  const fromHere = relative(cwd, path);
  return fromHere.startsWith('..') ? path : fromHere;
}

function clientConfiguration(services: readonly StackService[]): object {
  return {
    mcpServers: Object.fromEntries(
      services.map(({ entry, address, token }) => [
        `gantry-${entry.name}`,
        { type: 'http', url: address.url, headers: { Authorization: `Bearer ${token}` } },
      ]),
    ),
  };
}

function table(rows: string[][]): string {
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`)
    .join('\n');
}
