import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { advisories } from '../src/advisories.ts';
import { checkout } from './checkout.ts';

const WEIGHS_WRONG = {
  id: 1,
  title: 'Weighs wrong',
  url: 'https://advisories.example/1',
  vulnerable_versions: '<2.0.0',
};

/** A registry that knows `scales` and what is wrong with it; without an answer it has no such endpoint. */
class Registry {
  answer: object | undefined;
  asked: unknown;
  readonly #server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const audit = request.url === '/-/npm/v1/security/advisories/bulk';
      if (audit) this.asked = JSON.parse(gunzipSync(Buffer.concat(chunks)).toString());
      const body = audit ? this.answer : { name: 'scales', versions: { '1.2.3': {}, '2.0.0': {} } };
      response.writeHead(body ? 200 : 405, { 'content-type': 'application/json' });
      response.end(body && JSON.stringify(body));
    });
  });

  async start(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

let registry: Registry;
let root: string;

beforeEach(async () => {
  registry = new Registry();
  root = checkout({
    // A cache of its own: npm remembers what it has made of an advisory.
    '.npmrc': `registry=${await registry.start()}\nfetch-retries=0\ncache=.npm\n`,
    'package.json': { name: 'shop', version: '1.0.0', dependencies: { scales: '1.2.3' } },
    'package-lock.json': {
      name: 'shop',
      lockfileVersion: 3,
      packages: {
        '': { name: 'shop', version: '1.0.0', dependencies: { scales: '1.2.3' } },
        'node_modules/scales': { version: '1.2.3' },
      },
    },
  });
});

afterEach(() => registry.stop());

describe('advisories', () => {
  it('finds a severe one, having told the registry no more than names and versions', async () => {
    registry.answer = { scales: [{ ...WEIGHS_WRONG, severity: 'high' }] };
    expect(await advisories(root)).toMatchObject({
      result: 'failed',
      findings: ['scales 1.2.3, high: Weighs wrong https://advisories.example/1'],
    });
    expect(registry.asked).toEqual({ scales: ['1.2.3'] });
  });

  it('counts those below', async () => {
    registry.answer = { scales: [{ ...WEIGHS_WRONG, severity: 'moderate' }] };
    expect(await advisories(root)).toMatchObject({
      result: 'passed',
      summary: '1 below the severity "high"',
    });
  });

  it('passes if none is known', async () => {
    registry.answer = {};
    expect(await advisories(root)).toMatchObject({ result: 'passed' });
  });

  it('says that it could not ask, where the registry has no such endpoint', async () => {
    expect(await advisories(root)).toMatchObject({
      result: 'not checked',
      summary: expect.stringContaining('405 Method Not Allowed'),
    });
  });

  it('says that it could not ask, where nothing answers', async () => {
    registry.stop();
    expect(await advisories(root)).toMatchObject({ result: 'not checked' });
  });
});
