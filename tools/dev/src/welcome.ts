import { relative } from 'node:path';
import { DEMO_TENANT } from './demo-client.ts';
import { issuerOf } from './service-address.ts';
import type { StackService } from './stack.ts';
import { POSTGRES_PORT_OFFSET, type StackSettings } from './stack-settings.ts';
import { curlCommandFor } from './tool-request.ts';

/** What to know and to do once everything runs. */
export function welcome(settings: StackSettings, services: readonly StackService[], cwd: string): string {
  const state = shortest(settings.stateDirectory, cwd);
  const [first] = services;
  return `
Gantry runs. Ctrl-C stops it; everything is kept in ${state}, logs are in ${state}/logs.

${table([
  ...services.map(({ entry, address }) => [entry.name, address.url, `health: ${address.origin}/health`]),
  ['authorization server', issuerOf(settings), 'sign in as anyone: name@tenant'],
  ['Postgres', `127.0.0.1:${settings.portBase + POSTGRES_PORT_OFFSET}`, `passwords: ${state}/secrets`],
])}

A token for tenant "${DEMO_TENANT}", good for 8 hours. \`make token\` prints another one.

${first ? first.token : ''}

Configuration for an MCP client, with that token:

${JSON.stringify(clientConfiguration(services), null, 2)}

A first call to try:

${first ? curlCommandFor(first.address.url, first.entry.firstCall, first.token) : ''}

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
