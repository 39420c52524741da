import { INJECTIONS, UNICODE } from '../fuzz/hostile-values.ts';
import type { Trial } from '../session.ts';
import { argumentsWith, some, textArguments, type Arena, type Attack } from './attack.ts';

/** SQL, templates, shells, logs and models: every text argument of every tool, with each of the known strings. */
export const injection: Attack = {
  name: 'injection',
  run: (arena) => arena.session.sendAll(some(arena, everywhere(arena, 'injection', INJECTIONS))),
};

/** Text that is not what it looks like. */
export const unicode: Attack = {
  name: 'unicode',
  async run(arena) {
    await arena.session.sendAll(some(arena, everywhere(arena, 'unicode', UNICODE)));
    await arena.session.sendAll(badBytes(arena));
  },
};

function* everywhere(
  { session, random }: Pick<Arena, 'session' | 'random'>,
  family: string,
  texts: readonly string[],
): Generator<Trial> {
  const { subject } = session;
  for (const [tool, property] of textArguments(subject))
    for (const text of texts) {
      const args = argumentsWith(subject, tool, random, { [property]: text });
      yield [
        session.call(tool.name, args, { family, what: `${tool.name}.${property}: ${text.slice(0, 30)}` }),
      ];
    }
  for (const template of subject.templates)
    for (const text of texts) {
      const uri = template.replace(/\{\w+\}/, encodeURIComponent(text.toWellFormed()));
      yield [
        session.request('resources/read', { uri }, { family, what: `${template}: ${text.slice(0, 30)}` }),
      ];
    }
  for (const prompt of subject.prompts)
    for (const { name } of prompt.arguments)
      for (const text of texts) {
        const params = { name: prompt.name, arguments: { [name]: text } };
        yield [
          session.request('prompts/get', params, {
            family,
            what: `${prompt.name}.${name}: ${text.slice(0, 30)}`,
          }),
        ];
      }
}

/** Bodies that are no UTF-8, or not as its standard wants it. */
function* badBytes({ session }: Pick<Arena, 'session'>): Generator<Trial> {
  const SEQUENCES: Readonly<Record<string, readonly number[]>> = {
    'overlong slash': [0xc0, 0xaf],
    'overlong NUL': [0xc0, 0x80],
    'overlong in three bytes': [0xe0, 0x80, 0xaf],
    'encoded surrogate': [0xed, 0xa0, 0x80],
    'above U+10FFFF': [0xf4, 0x90, 0x80, 0x80],
    'lonely continuation': [0x80],
    'half of a character': [0xf0, 0x9f],
    'byte order mark': [0xef, 0xbb, 0xbf],
    'UTF-16': [0xff, 0xfe, 0x61, 0x00],
    NUL: [0x00],
  };
  const input = session.call('health_check', { text: 'HERE' }, { family: 'unicode', what: 'bytes' });
  const body = Buffer.from(input.body);
  const at = body.indexOf('HERE');
  const { asked: _, ...unidentified } = input;
  for (const [what, bytes] of Object.entries(SEQUENCES)) {
    const rest = body.subarray(at + 4);
    yield [{ ...unidentified, what, body: Buffer.concat([body.subarray(0, at), Buffer.from(bytes), rest]) }];
    yield [{ ...unidentified, what: `${what} first`, body: Buffer.concat([Buffer.from(bytes), body]) }];
  }
}
