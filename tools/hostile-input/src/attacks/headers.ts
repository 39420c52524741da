import type { Trial } from '../session.ts';
import { statusesOf, type RawAnswer } from '../wire/raw-client.ts';
import { hasStatus, type Arena, type Attack } from './attack.ts';

/** Where one request ends and the next begins, and whether headers say what the body says. */
export const headerSmuggling: Attack = {
  name: 'header smuggling',
  async run(arena) {
    await framing(arena);
    await arena.session.sendAll(contradictions(arena));
  },
};

/** Each would have two servers disagree about where the request ends; one of them would take the rest for another one. */
async function framing({ session }: Arena): Promise<void> {
  const { host } = new URL(session.service.url);
  const { headers, body } = session.call(
    'health_check',
    {},
    { family: headerSmuggling.name, what: 'framing' },
  );
  const text = String(body);
  const start = [
    'POST /mcp HTTP/1.1',
    `host: ${host}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
  ];
  const hidden = `GET /health/live HTTP/1.1\r\nhost: ${host}\r\n\r\n`;
  const chunked = `${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`;
  const length = `content-length: ${text.length}`;
  const te = 'transfer-encoding: chunked';
  const variants: Record<string, [lines: string[], body: string]> = {
    'length and chunks': [[length, te], `${chunked}${hidden}`],
    'chunks and length': [[te, length], `${chunked}${hidden}`],
    'two lengths': [[length, 'content-length: 0'], `${text}${hidden}`],
    'a list of lengths': [[`${length}, ${text.length}`], `${text}${hidden}`],
    'a negative length': [['content-length: -1'], `${text}${hidden}`],
    'a length with a sign': [[`content-length: +${text.length}`], `${text}${hidden}`],
    'a length in hexadecimal': [['content-length: 0x10'], `${text}${hidden}`],
    'a length without end': [[`content-length: ${'9'.repeat(40)}`], text],
    'space before the colon': [[length, 'transfer-encoding : chunked'], `${chunked}${hidden}`],
    'a tab in the value': [[length, 'transfer-encoding:\tchunked'], `${chunked}${hidden}`],
    'an unknown coding': [[length, 'transfer-encoding: xchunked'], `${chunked}${hidden}`],
    'chunked twice': [[te, te], `${chunked}${hidden}`],
    'identity after chunked': [['transfer-encoding: chunked, identity'], `${chunked}${hidden}`],
    'folded over two lines': [[length, 'transfer-encoding:\r\n chunked'], `${chunked}${hidden}`],
    'a bare line feed': [[length, 'x: a\ntransfer-encoding: chunked'], `${chunked}${hidden}`],
    'a bare carriage return': [[length, 'x: a\rtransfer-encoding: chunked'], `${chunked}${hidden}`],
    'NUL in a value': [[length, 'x: a\0b'], text],
    'no colon': [[length, 'nonsense'], text],
    'a space first': [[length, ' x: a'], text],
    'a size of chunk that is none': [[te], `zz\r\n${text}\r\n0\r\n\r\n${hidden}`],
    'a size of chunk without end': [[te], `${'f'.repeat(30)}\r\n${text}\r\n0\r\n\r\n`],
    'a chunk shorter than it says': [[te], `5\r\nabcdefgh\r\n0\r\n\r\n${hidden}`],
    'two hosts': [[length, 'host: evil.example'], text],
  };
  for (const [what, [lines, content]] of Object.entries(variants)) {
    const bytes = `${[...start, ...lines].join('\r\n')}\r\n\r\n${content}`;
    await session.sendBytes(headerSmuggling.name, what, bytes, LEGAL.has(what) ? atMostTwo : onceAndRefused);
  }
}

/** Legal, if unusual: the hidden request is an honest second one. */
const LEGAL: ReadonlySet<string> = new Set(['two hosts']);

function onceAndRefused(answer: RawAnswer): string | undefined {
  const statuses = statusesOf(answer);
  if (statuses.length > 1) return `${statuses.length} answers: ${statuses.join(', ')}`;
  if (statuses.length === 0) return answer.isClosed ? undefined : 'neither answered nor closed';
  return statuses[0]! >= 400 ? undefined : `taken, with status ${statuses[0]}`;
}

function atMostTwo(answer: RawAnswer): string | undefined {
  const statuses = statusesOf(answer);
  return statuses.length <= 1 && statuses.every((status) => status < 500)
    ? undefined
    : `answers: ${statuses.join(', ')}`;
}

/** Headers that say something else than the body, so that a gateway would judge another call than the one made. */
function* contradictions({ session }: Arena): Generator<Trial> {
  const family = headerSmuggling.name;
  const mismatch = hasStatus(400);
  const call = (what: string, headers: Record<string, string | undefined>) =>
    session.call('health_check', {}, { family, what, headers });
  const base64 = (text: string) => `=?base64?${Buffer.from(text).toString('base64')}?=`;
  yield [call('another method', { 'mcp-method': 'tools/list' }), mismatch];
  yield [call('no method', { 'mcp-method': undefined }), mismatch];
  yield [call('another name', { 'mcp-name': 'get_record' }), mismatch];
  yield [call('no name', { 'mcp-name': undefined }), mismatch];
  yield [call('the name in another case', { 'mcp-name': 'Health_Check' }), mismatch];
  yield [call('another name in base64', { 'mcp-name': base64('get_record') }), mismatch];
  yield [call('a name in base64', { 'mcp-name': base64('health_check') }), hasStatus(200)];
  yield [call('a name in bad base64', { 'mcp-name': '=?base64?%%%?=' }), mismatch];
  yield [call('a name in half of base64', { 'mcp-name': '=?base64?aGVhbHRoX2NoZWNr' }), mismatch];
  yield [call('base64 in base64', { 'mcp-name': base64(base64('health_check')) }), mismatch];
  yield [
    call('base64 of no UTF-8', { 'mcp-name': `=?base64?${Buffer.of(0xff, 0xfe).toString('base64')}?=` }),
    mismatch,
  ];
  yield [call('a long name', { 'mcp-name': 'x'.repeat(8_000) }), mismatch];
  yield [call('no version', { 'mcp-protocol-version': undefined })];
  for (const version of [
    '2025-11-25',
    '2024-11-05',
    '9999-01-01',
    '2026-07-28, 2025-11-25',
    '__proto__',
    '=?base64?x?=',
    '',
  ])
    yield [call(`version ${version}`, { 'mcp-protocol-version': version })];
  const twice = call('a method twice', {});
  yield [{ ...twice, headers: [...twice.headers, ['mcp-method', 'tools/list']] }, mismatch];
  const name = call('a name twice', {});
  yield [{ ...name, headers: [...name.headers, ['mcp-name', 'get_record']] }, mismatch];
  const token = call('a token twice', {});
  yield [{ ...token, headers: [['authorization', 'Bearer x'], ...token.headers] }, hasStatus(401, 400)];
  for (const host of [
    'evil.example',
    'localhost.evil.example',
    'localhost@evil.example',
    '127.0.0.1:80:80',
    'localhost/',
    ' ',
    '127.0.0.1#evil.example',
  ])
    yield [call(`host ${host}`, { host }), hasStatus(400, 403)];
  for (const origin of [
    'https://evil.example',
    'null',
    'http://localhost.evil.example',
    'http://127.0.0.1@evil.example',
    'javascript:1',
    'x',
  ])
    yield [call(`origin ${origin}`, { origin }), hasStatus(403)];
  for (const type of [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonp',
    'text/json, application/json',
    '',
  ])
    yield [call(`type ${type}`, { 'content-type': type }), hasStatus(415)];
  for (const type of [
    'application/json; charset=utf-7',
    'application/json;charset=utf-16',
    'APPLICATION/JSON',
    'application/json; a="b;c"',
  ])
    yield [call(`type ${type}`, { 'content-type': type })];
  for (const accept of ['text/html', '*/*', 'application/json;q=0', 'x'.repeat(4_000), ''])
    yield [call(`accept ${accept.slice(0, 20)}`, { accept })];
  for (const name of [
    'x-http-method-override',
    'x-forwarded-host',
    'x-forwarded-for',
    'x-original-url',
    'x-rewrite-url',
    'forwarded',
    'mcp-session-id',
    'last-event-id',
    'traceparent',
    'tracestate',
    'baggage',
    'range',
    'if-none-match',
    'x-request-id',
  ])
    for (const value of [
      '/metrics',
      'evil.example',
      "' OR 1=1 --",
      '00-ffffffffffffffffffffffffffffffff-0000000000000000-ff',
      'x'.repeat(8_000),
    ])
      yield [call(`${name}: ${value.slice(0, 20)}`, { [name]: value })];
  for (const httpMethod of ['GET', 'DELETE', 'PUT', 'PATCH', 'OPTIONS', 'TRACE'])
    yield [{ ...call(httpMethod, {}), httpMethod }, hasStatus(405, 204, 403)];
}
