import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/**
 * In front of the replicas of a service, as a Kubernetes Service is: takes TCP connections by turns to those that
 * accept one. A connection ends with its replica.
 */
export class Balancer {
  readonly #server = createServer((client) => void this.#serve(client));
  readonly #clients = new Set<Socket>();
  #turn = 0;

  private constructor(private readonly ports: readonly number[]) {}

  static async start(ports: readonly number[]): Promise<Balancer> {
    const balancer = new Balancer(ports);
    balancer.#server.listen(0, '127.0.0.1');
    await once(balancer.#server, 'listening');
    return balancer;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/mcp`;
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const client of this.#clients) client.destroy();
    await closed;
  }

  async #serve(client: Socket): Promise<void> {
    this.#clients.add(client);
    client.on('error', () => {});
    client.once('close', () => this.#clients.delete(client));
    const replica = await this.#connect();
    if (!replica || client.destroyed) {
      client.resetAndDestroy();
      replica?.destroy();
      return;
    }
    // What breaks on one side breaks on the other.
    replica.on('error', () => {});
    replica.once('close', () => client.destroy());
    client.once('close', () => replica.destroy());
    client.pipe(replica).pipe(client);
  }

  /** The next replica that is there. */
  async #connect(): Promise<Socket | undefined> {
    const first = this.#turn++;
    for (let next = 0; next < this.ports.length; next += 1) {
      const socket = connect(this.ports[(first + next) % this.ports.length]!, '127.0.0.1');
      const connected = await once(socket, 'connect').then(
        () => true,
        () => false,
      );
      if (connected) return socket;
    }
    return undefined;
  }
}
