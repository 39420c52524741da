import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';
import { waitFor } from './wait-for.ts';

describe('startTcpProxy', () => {
  let echo: Server;
  let proxy: TcpProxy;
  let url: string;

  beforeEach(async () => {
    echo = createServer((socket) => void socket.on('error', () => {}).pipe(socket)).listen(0, '127.0.0.1');
    await once(echo, 'listening');
    url = `tcp://user:secret@127.0.0.1:${(echo.address() as AddressInfo).port}/x`;
    proxy = await startTcpProxy(url);
  });
  afterEach(async () => {
    await proxy.close();
    echo.close();
  });

  async function open(): Promise<{ socket: Socket; received: () => string; closed: Promise<unknown> }> {
    const socket = connect(proxy.port, '127.0.0.1');
    let received = '';
    socket.on('data', (chunk) => (received += chunk.toString()));
    socket.on('error', () => {});
    const closed = new Promise((resolve) => socket.once('close', resolve));
    await once(socket, 'connect');
    return { socket, received: () => received, closed };
  }

  it('passes bytes both ways', async () => {
    const { socket, received, closed } = await open();
    socket.write('ping');
    await waitFor(() => received() === 'ping');
    expect(proxy.connections).toBe(1);
    socket.end();
    await closed;
    await waitFor(() => proxy.connections === 0);
  });

  it('leads a URL through itself', () => {
    expect(proxy.through(url)).toBe(`tcp://user:secret@127.0.0.1:${proxy.port}/x`);
  });

  it('cut breaks open connections and new ones until resumed', async () => {
    const first = await open();
    first.socket.write('x');
    await waitFor(() => first.received() === 'x');
    proxy.cut();
    await first.closed;
    const second = connect(proxy.port, '127.0.0.1').on('error', () => {});
    await new Promise((resolve) => second.once('close', resolve));
    proxy.resume();
    const third = await open();
    third.socket.write('back');
    await waitFor(() => third.received() === 'back');
  });

  it('pause holds everything back without breaking connections, resume delivers it', async () => {
    const before = await open();
    before.socket.write('1');
    await waitFor(() => before.received() === '1');
    proxy.pause();
    before.socket.write('2');
    const during = await open();
    during.socket.write('3');
    await sleep(100);
    expect([before.received(), during.received()]).toEqual(['1', '']);
    expect([before.socket.destroyed, during.socket.destroyed]).toEqual([false, false]);
    proxy.resume();
    await waitFor(() => before.received() === '12' && during.received() === '3');
  });

  it('breaks the connection when the server is gone', async () => {
    const { port } = echo.address() as AddressInfo;
    const elsewhere = await startTcpProxy({ port });
    echo.close();
    const socket = connect(elsewhere.port, '127.0.0.1').on('error', () => {});
    await new Promise((resolve) => socket.once('close', resolve));
    await elsewhere.close();
  });

  it('knows the default port of a scheme', async () => {
    const database = await startTcpProxy('postgres://localhost/db');
    expect(database.through('postgres://localhost/db')).toBe(`postgres://127.0.0.1:${database.port}/db`);
    await database.close();
    await expect(startTcpProxy('gopher://localhost')).rejects.toThrow('gopher:');
  });
});
