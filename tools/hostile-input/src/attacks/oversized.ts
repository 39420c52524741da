import type { Input } from '../wire/input.ts';
import type { Trial } from '../session.ts';
import { hasStatus, refused, type Arena, type Attack } from './attack.ts';
import { gzipSync } from 'node:zlib';

const MEBIBYTE = 1_048_576;

/** Too much of everything: bytes, headers, levels, keys, numbers of digits. */
export const oversized: Attack = {
  name: 'oversized',
  async run({ session }) {
    await session.sendAll(trials({ session }), 1);
    await headers({ session });
  },
};

function* trials({ session }: Pick<Arena, 'session'>): Generator<Trial> {
  const family = oversized.name;
  const ping = (what: string): Input => session.call('health_check', {}, { family, what });
  const withBody = (what: string, body: string | Uint8Array): Input => {
    const { asked: _, ...input } = ping(what);
    return { ...input, body };
  };
  const inPlaceOfArguments = (what: string, text: string): Input =>
    withBody(
      what,
      String(ping(what).body).replace('"arguments":{}', () => `"arguments":${text}`),
    );

  yield [withBody('a body over the limit', 'x'.repeat(MEBIBYTE + 1)), hasStatus(413)];
  yield [withBody('a body at the limit', `${' '.repeat(MEBIBYTE - 2)}{}`)];
  yield [{ ...withBody('64 MiB', Buffer.alloc(64 * MEBIBYTE, 'x')), mayBreak: true }];
  for (const depth of [63, 64, 65, 1_000, 100_000]) {
    yield [withBody(`${depth} arrays`, `${'['.repeat(depth)}${']'.repeat(depth)}`)];
    yield [withBody(`${depth} open arrays`, '['.repeat(depth))];
    yield [inPlaceOfArguments(`arguments ${depth} deep`, `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`)];
  }
  for (const count of [1_000, 60_000]) {
    const keys = Array.from({ length: count }, (_, index) => `"k${index}":1`).join();
    yield [inPlaceOfArguments(`${count} keys`, `{${keys}}`), refused()];
    yield [
      inPlaceOfArguments(
        `the same key ${count} times`,
        `{${Array.from({ length: count }, () => '"k":1').join()}}`,
      ),
    ];
    yield [inPlaceOfArguments(`${count} elements`, `[${'0,'.repeat(count)}0]`)];
  }
  // What is looked at number by number is looked at for longer.
  const exact = '1234567890123456';
  yield [inPlaceOfArguments('many elements and a long number', `[${exact}${',0'.repeat(400_000)}]`)];
  yield [inPlaceOfArguments('many long numbers', `[${`${exact},`.repeat(55_000)}0]`)];
  yield [inPlaceOfArguments('many empty objects', `[${'{},'.repeat(300_000)}0]`)];
  yield [inPlaceOfArguments('many deep arrays', `[${`${'['.repeat(50)}${']'.repeat(50)},`.repeat(9_000)}0]`)];
  yield [inPlaceOfArguments('a long key', `{"${'k'.repeat(1_000_000)}":1}`), refused()];
  yield [inPlaceOfArguments('a long number', `{"a":${'9'.repeat(1_000_000)}}`)];
  yield [inPlaceOfArguments('a long fraction', `{"a":0.${'3'.repeat(1_000_000)}}`)];
  yield [inPlaceOfArguments('escapes', `{"a":"${'\\u0041'.repeat(160_000)}"}`), refused()];
  yield [inPlaceOfArguments('a million spaces', `${' '.repeat(1_000_000)}{}`)];
  for (const part of ['method', 'id', 'jsonrpc']) {
    const long = JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/list',
      params: {},
      [part]: 'x'.repeat(900_000),
    });
    yield [withBody(`a long ${part}`, long)];
  }
  for (const length of [2_048, 2_049, 900_000]) {
    const uri = `config://${'x'.repeat(length)}`;
    yield [
      session.request(
        'resources/read',
        { uri },
        { family, what: `a URI of ${length}`, headers: { 'mcp-name': 'x' } },
      ),
    ];
  }
  for (const tool of session.subject.tools.keys()) {
    const args = {
      content: 'x'.repeat(900_000),
      document: { a: 'x'.repeat(900_000) },
      cursor: 'x'.repeat(100_000),
    };
    const long = Object.entries(args).map(([name, value]) => [tool, { [name]: value }] as const);
    for (const [name, one] of long)
      yield [session.call(name, one, { family, what: `${name}: ${Object.keys(one)[0]}` })];
  }
  const bomb = gzipSync(Buffer.alloc(50 * MEBIBYTE, ' '));
  for (const encoding of ['gzip', 'deflate', 'br', 'gzip, gzip']) {
    const input = withBody(`a bomb in ${encoding}`, bomb);
    yield [
      { ...input, headers: [...input.headers, ['content-encoding', encoding]] },
      hasStatus(400, 413, 415),
    ];
  }
  // What nobody listens to must not be kept.
  yield [
    {
      family,
      what: 'a large body for a path that takes none',
      path: '/health',
      headers: [],
      body: 'x'.repeat(5 * MEBIBYTE),
      mayBreak: true,
    },
  ];
  yield [
    {
      family,
      what: 'a large webhook',
      path: '/webhooks/stripe',
      headers: [['content-type', 'application/json']],
      body: 'x'.repeat(5 * MEBIBYTE),
      mayBreak: true,
    },
  ];
}

/** Node refuses these before anybody else sees them. */
async function headers({ session }: Pick<Arena, 'session'>): Promise<void> {
  const host = new URL(session.service.url).host;
  const get = (head: string) => `GET /health/live HTTP/1.1\r\nhost: ${host}\r\n${head}\r\n\r\n`;
  const wrong = ({ text }: { text: string }) =>
    /^HTTP\/1\.1 (?:200|4\d\d) /.test(text) ? undefined : 'neither served nor refused';
  for (const [what, head] of [
    ['a header of 32 KiB', `a: ${'x'.repeat(32_768)}`],
    ['a header of 1 MiB', `a: ${'x'.repeat(MEBIBYTE)}`],
    ['a header name of 20 KiB', `${'x'.repeat(20_000)}: a`],
    ['1,000 headers', Array.from({ length: 1_000 }, (_, index) => `a${index}: b`).join('\r\n')],
    ['10,000 empty headers', Array.from({ length: 10_000 }, () => 'a:').join('\r\n')],
    ['10,000 cookies', `cookie: ${'a=b;'.repeat(10_000)}`],
  ] as const)
    await session.sendBytes(oversized.name, what, get(head), wrong);
  await session.sendBytes(
    oversized.name,
    'a URL of 100 KB',
    `GET /${'x'.repeat(100_000)} HTTP/1.1\r\nhost: ${host}\r\n\r\n`,
    wrong,
  );
}
