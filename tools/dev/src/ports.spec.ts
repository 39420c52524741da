import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { assertPortsFree } from './ports.ts';

describe('assertPortsFree', () => {
  it('names the port, who needs it, and the variable that moves it', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const claim = assertPortsFree([{ port, name: 'records' }]);
    await expect(claim).rejects.toThrow(
      new RegExp(`Port ${port}, which records needs.*\n.*GANTRY_PORT_BASE`),
    );
    taken.close();
    await once(taken, 'close');
    await expect(assertPortsFree([{ port, name: 'records' }])).resolves.toBeUndefined();
  });

  it('waits for one that is about to become free', async () => {
    const closing = createServer().listen(0, '127.0.0.1');
    await once(closing, 'listening');
    const { port } = closing.address() as AddressInfo;
    const claim = assertPortsFree([{ port, name: 'records' }]);
    setTimeout(() => closing.close(), 100);
    await expect(claim).resolves.toBeUndefined();
  });
});
