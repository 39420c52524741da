import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Input } from './input.ts';
import { saveInput } from './saved-input.ts';

const hasCurl = spawnSync('curl', ['--version']).status === 0;

describe('a saved input', () => {
  const directory = mkdtempSync(join(tmpdir(), 'gantry-saved-'));
  const received: { url: string | undefined; headers: IncomingHttpHeaders; body: Buffer }[] = [];
  let server: Server;

  beforeAll(async () => {
    server = createServer((request, response) => {
      void buffer(request).then((body) => {
        received.push({ url: request.url, headers: request.headers, body });
        response.end();
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterAll(() => {
    server.close();
    rmSync(directory, { recursive: true });
  });

  const input: Input = {
    family: 'unicode',
    what: "it's ‮ odd\nrm -rf /",
    path: '/mcp/../x',
    headers: [
      ['authorization', 'Bearer secret-of-the-run'],
      ['mcp-name', "it's $HOME `id`"],
    ],
    body: Buffer.from([0x7b, 0xc0, 0x80, 0x27, 0x7d]),
  };

  it('has the token of nobody, unless the token is what it is about', () => {
    const script = readFileSync(saveInput(join(directory, 'a'), 'records', input), 'utf8');
    expect(script).not.toContain('secret-of-the-run');
    const forged = readFileSync(
      saveInput(join(directory, 'b'), 'records', { ...input, family: 'jwt' }),
      'utf8',
    );
    expect(forged).toContain('secret-of-the-run');
  });

  (hasCurl ? it : it.skip)('is sent again as it was', async () => {
    const script = saveInput(join(directory, 'c'), 'records', input);
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await promisify(execFile)('sh', [script], {
      env: { PATH: process.env['PATH'], ORIGIN: origin, TOKEN: 'mine' },
    });
    expect(received).toEqual([
      {
        url: '/mcp/../x',
        headers: expect.objectContaining({ authorization: 'Bearer mine', 'mcp-name': "it's $HOME `id`" }),
        body: input.body,
      },
    ]);
  });
});
