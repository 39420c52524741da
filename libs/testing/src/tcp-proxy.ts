import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A server that is reached through a {@link TcpProxy}. */
export interface ProxyTarget {
  readonly host?: string;
  readonly port: number;
}

/** A loopback TCP proxy that can fail like a network. Made by {@link startTcpProxy}. */
export interface TcpProxy {
  readonly port: number;
  /** The same URL, but through the proxy. */
  through(url: string): string;
  /** Connections open at this moment. */
  readonly connections: number;
  /** Breaks all connections, and every new one, until {@link TcpProxy.resume}. */
  cut(): void;
  /** Lets nothing through either way, without breaking connections, until {@link TcpProxy.resume}. */
  pause(): void;
  /** Ends a cut or a pause; after a pause, what was sent meanwhile arrives. */
  resume(): void;
  close(): Promise<void>;
}

/**
 * Starts a proxy in front of a server, to test what a client makes of a broken or a silent connection.
 *
 * @example
 * ```ts
 * const proxy = await startTcpProxy(database.serviceUrl);
 * const sql = postgres(proxy.through(database.serviceUrl));
 * proxy.cut();
 * ```
 */
export async function startTcpProxy(target: ProxyTarget | string): Promise<TcpProxy> {
  const { host, port: targetPort } = addressOf(target);
  const pairs = new Set<readonly [Socket, Socket]>();
  let state: 'flowing' | 'paused' | 'cut' = 'flowing';

  const server = createServer((client) => {
    if (state === 'cut') {
      client.resetAndDestroy();
      return;
    }
    const upstream = connect(targetPort, host);
    const pair = [client, upstream] as const;
    pairs.add(pair);
    for (const socket of pair) {
      // A failure on one side is told to the other by closing it.
      socket.on('error', () => {});
      socket.once('close', () => {
        pairs.delete(pair);
        for (const end of pair) end.destroy();
      });
    }
    if (state === 'flowing') join(pair);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  function cut(): void {
    state = 'cut';
    for (const pair of pairs) for (const socket of pair) socket.resetAndDestroy();
  }

  return {
    port,
    through(url) {
      const proxied = new URL(url);
      proxied.hostname = '127.0.0.1';
      proxied.port = String(port);
      return proxied.href;
    },
    get connections() {
      return pairs.size;
    },
    cut,
    pause() {
      state = 'paused';
      for (const [client, upstream] of pairs) {
        client.unpipe(upstream).pause();
        upstream.unpipe(client).pause();
      }
    },
    resume() {
      if (state === 'paused') pairs.forEach(join);
      state = 'flowing';
    },
    async close() {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}

function join([client, upstream]: readonly [Socket, Socket]): void {
  client.pipe(upstream);
  upstream.pipe(client);
}

const DEFAULT_PORTS: Record<string, number> = {
  'http:': 80,
  'https:': 443,
  'postgres:': 5432,
  'redis:': 6379,
};

function addressOf(target: ProxyTarget | string): { host: string; port: number } {
  if (typeof target !== 'string') return { host: target.host ?? '127.0.0.1', port: target.port };
  const { hostname, port, protocol } = new URL(target);
  const known = port ? Number(port) : DEFAULT_PORTS[protocol];
  if (known === undefined) throw new Error(`The URL names no port, and ${protocol} has no usual one.`);
  return { host: hostname, port: known };
}
