import { freePort } from '@gantry/testing';
import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { Balancer } from './balancer.ts';

describe('Balancer', () => {
  const closers: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });

  async function replica(port: number, name: string): Promise<Server> {
    const server = createServer((_request, response) => response.end(name)).listen(port, '127.0.0.1');
    await once(server, 'listening');
    closers.push(async () => {
      server.closeAllConnections();
      server.close();
    });
    return server;
  }

  async function balancer(...ports: number[]): Promise<Balancer> {
    const started = await Balancer.start(ports);
    closers.push(() => started.close());
    return started;
  }

  const ask = async ({ url }: Balancer) => (await fetch(url, { headers: { connection: 'close' } })).text();

  it('takes turns', async () => {
    const ports = [await freePort(), await freePort()];
    await replica(ports[0]!, 'a');
    await replica(ports[1]!, 'b');
    const service = await balancer(...ports);
    const answers = [await ask(service), await ask(service), await ask(service), await ask(service)];
    expect(answers.sort()).toEqual(['a', 'a', 'b', 'b']);
  });

  it('goes to the one that is there', async () => {
    const ports = [await freePort(), await freePort()];
    await replica(ports[1]!, 'b');
    const service = await balancer(...ports);
    expect([await ask(service), await ask(service)]).toEqual(['b', 'b']);
  });

  it('breaks the connection when nobody is there, and when a replica goes', async () => {
    const port = await freePort();
    const service = await balancer(port);
    await expect(ask(service)).rejects.toThrow('fetch failed');
    const server = await replica(port, 'a');
    server.removeAllListeners('request');
    server.on('request', () => server.closeAllConnections());
    await expect(ask(service)).rejects.toThrow('fetch failed');
  });
});
