import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { startTestRedis, type TestRedis } from './redis-server.ts';

const redis = await startTestRedis();

/** What the server says to a command; empty if the connection broke. */
async function answer(url: string, command: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname).on('error', () => {});
  socket.write(`${command}\r\n`);
  const told = await new Promise<string>((resolve) => {
    socket.once('data', (data) => resolve(String(data)));
    socket.once('close', () => resolve(''));
    socket.setTimeout(200, () => resolve('(silence)'));
  });
  socket.destroy();
  return told;
}

(redis ? describe : describe.skip)('startTestRedis', () => {
  // The body of a skipped block runs all the same, without a Redis.
  const { url, description, stop, pause, start } = redis ?? ({} as TestRedis);
  afterEach(() => start());
  afterAll(() => redis!.close());

  it('starts a server and says which', async () => {
    expect(description).toMatch(/^Redis: (container|the given server)/);
    expect(await answer(url, 'PING')).toBe('+PONG\r\n');
  });

  it('stops it and starts it again at the same address, with what it knew', async () => {
    const key = `kept:${Math.random()}`;
    await answer(url, `SET ${key} 1 EX 60`);
    stop();
    expect(await answer(url, 'PING')).toBe('');
    expect(await answer(redis!.directUrl, 'PING')).toBe('+PONG\r\n');
    start();
    expect(await answer(url, `GET ${key}`)).toBe('$1\r\n1\r\n');
  });

  it('lets it hang', async () => {
    pause();
    expect(await answer(url, 'PING')).toBe('(silence)');
    start();
    expect(await answer(url, 'PING')).toBe('+PONG\r\n');
  });

  it('counts connections', async () => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.write('PING\r\n');
    await once(socket, 'data');
    expect(redis!.connections).toBe(1);
    socket.destroy();
  });

  it('takes the server that it is given', async () => {
    const given = await startTestRedis({ GANTRY_TEST_REDIS_URL: url, GANTRY_REQUIRE_CONTAINERS: '1' });
    expect(given!.description).toBe('Redis: the given server');
    expect(await answer(given!.url, 'PING')).toBe('+PONG\r\n');
    await given!.close();
    expect(await answer(url, 'PING')).toBe('+PONG\r\n');
  });
});

describe('without a Redis', () => {
  // An image that cannot be had takes the same way as an engine that does not answer.
  const env = { GANTRY_REDIS_IMAGE: 'localhost:1/no-such-image:0' };
  let said: string[];
  beforeAll(() => {
    jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
      said.push(String(text));
      return true;
    });
  });
  afterAll(() => void jest.restoreAllMocks());

  it('says aloud what is skipped and why', async () => {
    said = [];
    expect(await startTestRedis(env)).toBeUndefined();
    expect(said.join('')).toMatch(/^SKIPPED: tests that need Redis, because there is none \(.+\)\./);
  });

  it('fails where containers are mandatory', async () => {
    await expect(startTestRedis({ ...env, GANTRY_REQUIRE_CONTAINERS: '1' })).rejects.toThrow();
  });
});
