import { outputOf } from '../judge/rpc.ts';
import { key } from '../plants/plant.ts';
import type { Trial } from '../session.ts';
import { argumentsWith, refused, toolsWith, type Arena, type Attack } from './attack.ts';

/** Small as they are sent, large as they are read; or no file at all. */
const FILES: Readonly<Record<string, string>> = {
  'a quote without end': `name\n"${'a'.repeat(100_000)}`,
  'many quotes': `name\n${'""'.repeat(50_000)}`,
  'many columns': `${'a,'.repeat(50_000)}b\n${'1,'.repeat(50_000)}2\n`,
  'many lines': 'name\n'.repeat(50_000),
  'empty lines': '\n'.repeat(300_000),
  'one long line': 'x'.repeat(600_000),
  'no line feeds': '{"name":"a"}'.repeat(20_000),
  'deep lines': `${'['.repeat(200_000)}\n${'{"a":'.repeat(50_000)}\n`,
  'prototype names': '__proto__,constructor,toString\n1,2,3\n',
  'prototype lines': '{"__proto__":{"polluted":1}}\n{"constructor":{"prototype":{"polluted":1}}}\n',
  'no JSON': 'null\n1\n"a"\n[]\n{\n}\nNaN\n',
  NUL: 'name\na\0b\n',
  'lone surrogates': '{"name":"\\ud800"}\n',
  'a byte order mark': '\ufeffname\na\n',
  'mixed line ends': 'name\r\na\rb\nc\u2028d\u0085e\n',
  formulas: "name\n=cmd|' /C calc'!A0\n+1\n-1\n@SUM(1)\n",
  'odd numbers': '{"size":1e999}\n{"size":-0}\n{"size":12345678901234567890}\n',
  'the same key twice': '{"name":"a","name":"b"}\n',
  'long numbers': `{"size":${'9'.repeat(300_000)}}\n`,
};

/** Files, and the order of their parts. */
export const uploads: Attack = {
  name: 'uploads',
  async run(arena) {
    const { session, random } = arena;
    for (const [tool] of toolsWith(session.subject, 'upload_id')) {
      await session.sendAll(files(arena, tool.name), 1);
      const args = argumentsWith(session.subject, tool, random, {
        last: false,
        part: 1,
        upload_id: undefined,
      });
      const call = (what: string, different: object) =>
        session.call(
          tool.name,
          { ...args, idempotency_key: key(), ...different },
          { family: this.name, what: `${tool.name}, ${what}` },
        );
      const first = outputOf(await session.send(call('first part', {})));
      const id = (first?.['upload'] as { upload_id?: string } | undefined)?.upload_id;
      if (id === undefined) continue;
      for (const part of [3, 100_000])
        await session.send(call(`part ${part} after 1`, { upload_id: id, part }), refused());
      await session.send(call('a second part of none', { part: 2 }), refused());
      await session.send(call('a first part again', { upload_id: id, part: 1 }), refused());
      await Promise.all(
        Array.from({ length: 10 }, () =>
          session.send(call('ten second parts at once', { upload_id: id, part: 2 })),
        ),
      );
      await session.send(call('the last part', { upload_id: id, part: 3, last: true }));
      await session.send(call('a part after the last', { upload_id: id, part: 4 }), refused());
    }
  },
};

function* files({ session, random }: Arena, name: string): Generator<Trial> {
  const tool = session.subject.tools.get(name)!;
  for (const [what, content] of Object.entries(FILES))
    for (const format of ['csv', 'ndjson']) {
      const args = argumentsWith(session.subject, tool, random, {
        content,
        part: 1,
        last: true,
        upload_id: undefined,
      });
      if ('format' in args) args['format'] = format;
      yield [session.call(name, args, { family: uploads.name, what: `${name}, ${format}: ${what}` })];
    }
}
