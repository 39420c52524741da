import { afterEach, expect, it } from '@jest/globals';
import { sendRaw } from '@gantry/testing';
import { startGateway, type Gateway } from '../src/nginx.ts';
import { describeWithNginx } from './describe-with-nginx.ts';
import { internet } from './internet.ts';
import { startStub, type StubServer } from './stub-server.ts';

const NOWHERE = '127.0.0.1:9';

/** As a name that resolves to both addresses. */
function replicas(...addresses: string[]): string {
  return addresses.join('; server ');
}

describeWithNginx('the gateway before a service in trouble', () => {
  const direct = fetch;
  const closing: (Gateway | StubServer)[] = [];

  afterEach(async () => {
    globalThis.fetch = direct;
    for (const one of closing.splice(0)) await ('stop' in one ? one.stop() : one.close());
  });

  async function stub(...answer: Parameters<typeof startStub>): Promise<StubServer> {
    const server = await startStub(...answer);
    closing.push(server);
    return server;
  }

  async function gatewayTo(records: string, adapt?: (template: string) => string): Promise<string> {
    const gateway = await startGateway({ records }, adapt);
    closing.unshift(gateway);
    globalThis.fetch = internet(gateway);
    return gateway.url('records');
  }

  it('never repeats a call of which a replica has seen anything', async () => {
    const dying = () => stub((request) => request.socket.resetAndDestroy());
    const both = [await dying(), await dying()];
    const url = await gatewayTo(replicas(...both.map(({ address }) => address)));
    const answer = await sendRaw(url, 'x');
    expect(answer).toMatchObject({
      status: 502,
      json: { jsonrpc: '2.0', id: null, error: { code: -32_000 } },
    });
    expect(answer.json.error?.message).toContain('idempotency_key');
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(both.flatMap(({ requests }) => requests)).toHaveLength(1);
  });

  it('asks another replica instead of one that was not there', async () => {
    const alive = await stub();
    const url = await gatewayTo(replicas(NOWHERE, alive.address));
    for (let call = 1; call <= 4; call++) {
      expect((await sendRaw(url, 'x')).status).toBe(200);
      expect(alive.requests).toHaveLength(call);
    }
  });

  it('gives up on a service that does not answer, and asks no other one', async () => {
    const silent = () => stub(() => {});
    const both = [await silent(), await silent()];
    const url = await gatewayTo(replicas(...both.map(({ address }) => address)), (template) =>
      template.replace(/proxy_read_timeout +60s/, 'proxy_read_timeout 1s'),
    );
    const answer = await sendRaw(url, 'x');
    expect(answer).toMatchObject({
      status: 504,
      json: { jsonrpc: '2.0', id: null, error: { code: -32_000 } },
    });
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(both.flatMap(({ requests }) => requests)).toHaveLength(1);
  });
});
