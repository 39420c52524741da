import { once } from 'node:events';
import { createServer } from 'node:net';
import { SERVICES } from '../src/services.ts';
import { AUTHORIZATION_PORT_OFFSET, POSTGRES_PORT_OFFSET } from '../src/stack-settings.ts';

/** The fixture has some of those that services and their simulators have. */
const OFFSETS = [
  AUTHORIZATION_PORT_OFFSET,
  ...SERVICES.flatMap(({ portOffset, simulator }) =>
    simulator ? [portOffset, simulator.portOffset] : [portOffset],
  ),
  POSTGRES_PORT_OFFSET,
];

/** A port base whose ports nobody listens on at this moment. Below the range that the system hands out itself. */
export async function freePortBase(): Promise<number> {
  for (;;) {
    const base = 10_000 + Math.floor(Math.random() * 20_000);
    const ports = OFFSETS.map((offset) => base + offset);
    if ((await Promise.all(ports.map(isFree))).every(Boolean)) return base;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
