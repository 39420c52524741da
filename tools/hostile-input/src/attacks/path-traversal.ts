import { TRAVERSALS } from '../fuzz/hostile-values.ts';
import type { Trial } from '../session.ts';
import { argumentsWith, some, toolsWith, type Arena, type Attack } from './attack.ts';

const PATHS = [
  '/mcp/',
  '/mcp/../health',
  '/mcp%2f..%2fhealth',
  '//mcp',
  '/MCP',
  '/mcp;a=b',
  '/mcp/..;/metrics',
  '/../../../../etc/passwd',
  '/..%2f..%2f..%2fetc%2fpasswd',
  '/.well-known/../../etc/passwd',
  '/.well-known/oauth-protected-resource/../../../etc/passwd',
  '/.well-known/oauth-protected-resource/%2e%2e%2f',
  '/metrics/%00',
  '/health/ready?a=%ff',
  '/%',
  '/%zz',
  '/health/__proto__',
  '/package.json',
  '/.env',
  '/.git/config',
  `/${'a/'.repeat(2_000)}`,
];

/** What is no file must not be taken for one: in URIs of resources, in uploads, in paths of HTTP. */
export const pathTraversal: Attack = {
  name: 'path traversal',
  run: (arena) => arena.session.sendAll(some(arena, trials(arena))),
};

function* trials({ session, random }: Pick<Arena, 'session' | 'random'>): Generator<Trial> {
  const { subject } = session;
  const family = pathTraversal.name;
  for (const uri of uris(subject.templates, subject.resources))
    yield [session.request('resources/read', { uri }, { family, what: uri.slice(0, 60) })];
  for (const [tool, property] of toolsWith(
    subject,
    'upload_id',
    'operation_id',
    'record_id',
    'collection',
    'content',
  ))
    for (const text of TRAVERSALS) {
      const args = argumentsWith(subject, tool, random, { [property]: text });
      yield [session.call(tool.name, args, { family, what: `${tool.name}.${property}: ${text}` })];
    }
  for (const path of PATHS)
    for (const httpMethod of ['GET', 'POST'])
      yield [
        { family, what: `${httpMethod} ${path.slice(0, 60)}`, path, httpMethod, headers: [], body: '{}' },
      ];
}

function* uris(templates: readonly string[], resources: readonly string[]): Generator<string> {
  for (const template of templates) {
    const base = template.slice(0, template.indexOf('{'));
    for (const text of TRAVERSALS) {
      yield `${base}${text}`;
      yield template.replaceAll(/\{\w+\}/g, encodeURIComponent(text));
    }
  }
  for (const resource of resources)
    for (const end of ['/', '/..', '/../secrets', '?a=b', '#a', '%00', '\\..', '/%2e%2e/'])
      yield `${resource}${end}`;
  yield* [
    'file:///etc/passwd',
    'http://127.0.0.1:9/',
    'data:text/plain,a',
    'javascript:alert(1)',
    '',
    ':',
    '//',
    'config:',
  ];
}
