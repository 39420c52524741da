import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { hasStatus, refused } from '../src/attacks/attack.ts';
import type { FleetService } from '../src/fleet/fleet.ts';
import { Judge } from '../src/judge/judge.ts';
import { LeakDetector } from '../src/judge/leaks.ts';
import { Score } from '../src/score.ts';
import { Session } from '../src/session.ts';
import { promisesOf } from '../src/subject.ts';
import { HttpClient } from '../src/wire/http-client.ts';
import { sendBytes, statusesOf } from '../src/wire/raw-client.ts';

/** Answers a request properly. */
const wellBehaved: RequestListener = (request, response) => {
  void text(request).then((body) => {
    const { id } = JSON.parse(body) as { id: number };
    const output = { id: 'a' };
    const content = [{ type: 'text', text: JSON.stringify(output) }];
    const result = { resultType: 'complete', content, structuredContent: output };
    response
      .setHeader('content-type', 'application/json')
      .end(JSON.stringify({ jsonrpc: '2.0', id, result }));
  });
};

describe('a session with a stub of a service', () => {
  let server: Server;
  let client: HttpClient;
  let score: Score;
  afterEach(async () => {
    await client.close();
    server.closeAllConnections();
    server.close();
  });

  async function sessionWith(behaviour: RequestListener): Promise<Session> {
    server = createServer(behaviour).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
    client = new HttpClient(url, 4);
    score = new Score(() => 'script');
    const schema = { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] };
    const tools = promisesOf([{ name: 'get', inputSchema: {}, outputSchema: schema }], new Map());
    const subject = {
      name: 'records' as const,
      token: 't',
      tools,
      resources: [],
      templates: [],
      prompts: [],
      vocabulary: {},
    };
    const judge = new Judge(
      tools,
      new LeakDetector({ secrets: new Map(), tables: [], markers: ['planted-marker'] }),
    );
    const service = { url, process: { lags: [], crash: undefined } } as unknown as FleetService;
    return new Session(subject, service, client, judge, score, 4, 100);
  }
  const call = (session: Session) => session.call('get', {}, { family: 'f', what: 'w' });
  const kinds = () => score.findings.map(({ kind }) => kind);

  it('has nothing to say about one that behaves', async () => {
    const session = await sessionWith(wellBehaved);
    await session.sendAll(Array.from({ length: 50 }, () => [call(session)] as const));
    expect(score).toMatchObject({ inputs: 50, outcomes: { ok: 50 }, violations: 0 });
  });

  it('finds what was carried out though it must not be', async () => {
    const session = await sessionWith(wellBehaved);
    await session.send(call(session), refused());
    await session.send(call(session), hasStatus(401));
    expect(score.findings.map(({ what }) => what)).toEqual([
      expect.stringContaining('it was carried out'),
      expect.stringContaining('HTTP status 200, not 401'),
    ]);
  });

  it.each<[string, RequestListener, string]>([
    ['breaks the connection', (request) => request.socket.destroy(), 'unstructured'],
    [
      'throws',
      (_request, response) => response.writeHead(500).end('Error: x\n    at f (file:///a/b.js:1:2)'),
      'leak',
    ],
    [
      'answers with a page',
      (_request, response) => response.writeHead(404).end('<h1>Not found</h1>'),
      'unstructured',
    ],
    [
      'says what others have',
      (request, response) => (
        response.setHeader('x-debug', 'planted-marker'),
        wellBehaved(request, response)
      ),
      'leak',
    ],
  ])('finds one that %s', async (_, behaviour, kind) => {
    const session = await sessionWith(behaviour);
    await session.send(call(session));
    expect(kinds()).toContain(kind);
  });

  it('tells one answer from two', async () => {
    const session = await sessionWith((_request, response) => response.end('{}'));
    const one = 'GET / HTTP/1.1\r\nhost: a\r\n\r\n';
    const answers: number[][] = [];
    for (const bytes of [one, one + one, 'nonsense\r\n\r\n'])
      await session.sendBytes('f', 'w', bytes, (answer) => void answers.push(statusesOf(answer)));
    expect(answers).toEqual([[200], [200, 200], [400]]);
    expect(await sendBytes(session.service.url, 'nonsense\r\n\r\n')).toMatchObject({ isClosed: true });
  });

  it('takes what it has read of a stream that does not end', async () => {
    const event = 'data: {"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged"}\n\n';
    const session = await sessionWith((_request, response) => {
      response.setHeader('content-type', 'text/event-stream');
      response.write(event);
    });
    const options = { family: 'f', what: 'w', endAfterMs: 50 };
    const answer = await session.send(
      session.request('subscriptions/listen', { notifications: {} }, options),
    );
    expect(answer.text).toBe(event);
    expect(score.violations).toBe(0);
  });
});
