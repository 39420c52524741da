import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { LoadResult, Order } from './order.ts';

const GENERATOR = fileURLToPath(new URL('./generator.ts', import.meta.url));

/** Sends requests from a process of its own, which is on the processors of the process that started it. */
export class Load {
  readonly #child: ChildProcess = fork(GENERATOR, { execArgv: [] });

  async run(order: Order): Promise<LoadResult> {
    const { promise, resolve, reject } = Promise.withResolvers<LoadResult>();
    const onExit = () => reject(new Error('The load generator has ended.'));
    this.#child.once('message', (result) => resolve(result as LoadResult)).once('exit', onExit);
    this.#child.send(order);
    try {
      return await promise;
    } finally {
      this.#child.off('exit', onExit);
    }
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.disconnect();
    await exited;
  }
}
