import { outputOf } from '../judge/rpc.ts';
import type { Trial } from '../session.ts';
import { refused, some, toolsWith, type Arena, type Attack } from './attack.ts';

/** The one answer to everything that is wrong with a cursor. */
const REFUSED = refused('validation_error');

/** Cursors that were altered, cut, or made for somebody or something else. */
export const cursorForging: Attack = {
  name: 'cursor forging',
  async run(arena) {
    const { session, plants } = arena;
    const mine = await ownCursors(arena);
    await session.sendAll(some(arena, forged(arena, mine)));
    for (const { tool, args, cursor } of plants.cursors)
      await session.send(
        session.call(tool, { ...args, cursor }, { family: this.name, what: `${tool}, the victim's` }),
        REFUSED,
      );
  },
};

interface OwnCursor {
  readonly tool: string;
  readonly args: Record<string, unknown>;
  readonly cursor: string;
}

async function ownCursors({ session }: Arena): Promise<OwnCursor[]> {
  const { subject } = session;
  const cursors: OwnCursor[] = [];
  for (const [{ name, inputSchema }] of toolsWith(subject, 'cursor')) {
    const required = (inputSchema['required'] ?? []) as string[];
    for (const id of subject.vocabulary[required[0] ?? ''] ?? ['']) {
      const filled = { query: 'mine', [required[0] ?? '']: id };
      const args = { ...Object.fromEntries(required.map((field) => [field, filled[field]])), limit: 1 };
      const answer = await session.send(
        session.call(name, args, { family: cursorForging.name, what: `${name}, first page` }),
      );
      const cursor = outputOf(answer)?.['next_cursor'];
      if (typeof cursor !== 'string') continue;
      cursors.push({ tool: name, args, cursor });
      break;
    }
  }
  return cursors;
}

function* forged({ session, colleague, random }: Arena, cursors: readonly OwnCursor[]): Generator<Trial> {
  const family = cursorForging.name;
  for (const { tool, args, cursor } of cursors) {
    const call = (what: string, other: string, token = session.subject.token, name = tool): Trial => [
      session.call(name, { ...args, cursor: other }, { family, what: `${name}, ${what}`, token }),
      REFUSED,
    ];
    for (let times = 0; times < 60; times += 1) {
      const bytes = Buffer.from(cursor, 'base64url');
      bytes[random.between(0, bytes.length - 1)]! ^= 1 << random.between(0, 7);
      yield call('a bit changed', bytes.toString('base64url'));
    }
    for (let length = 0; length < cursor.length; length += 3)
      if (length > 0) yield call(`cut to ${length}`, cursor.slice(0, length));
    for (const end of ['A', '=', '==', ' ', '\n', '\0', cursor])
      yield call('something added', `${cursor}${end}`);
    yield call('in another alphabet', `${cursor.slice(0, -1)}+`);
    yield call('too long', 'A'.repeat(2_049));
    yield call('no base64', '💥');
    yield call('JSON', JSON.stringify({ id: 'rec_x' }));
    yield call('JSON in base64', Buffer.from('["2026-01-01","x"]').toString('base64url'));
    yield call("a colleague's", cursor, colleague);
    const [field, value] = tool.includes('search') ? ['query', 'other'] : ['limit', undefined];
    if (value !== undefined)
      yield [
        session.call(
          tool,
          { ...args, [field]: value, cursor },
          { family, what: `${tool}, for another query` },
        ),
        REFUSED,
      ];
    for (const other of cursors)
      if (other.tool !== tool)
        yield [
          session.call(other.tool, { ...other.args, cursor }, { family, what: `${other.tool}, of ${tool}` }),
          REFUSED,
        ];
  }
}
