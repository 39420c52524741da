import type { Trial } from '../session.ts';
import { REVISIONS, type Era } from '../wire/input.ts';
import { hasStatus, type Arena, type Attack } from './attack.ts';

/** Many messages where there may be one: each would count as one towards every limit. */
export const batches: Attack = {
  name: 'batches',
  run: ({ session }) => session.sendAll(trials({ session })),
};

function* trials({ session }: Pick<Arena, 'session'>): Generator<Trial> {
  for (const era of Object.keys(REVISIONS) as Era[]) {
    const input = session.call('health_check', {}, { family: batches.name, what: 'batch', era });
    const { asked: _, ...unidentified } = input;
    const one = String(input.body);
    const notification = '{"jsonrpc":"2.0","method":"notifications/initialized"}';
    const bodies: Record<string, string> = {
      empty: '[]',
      'of one': `[${one}]`,
      'of a thousand': `[${Array.from({ length: 1_000 }, () => one).join()}]`,
      'in a batch': `[[${one}]]`,
      'of nothing': `[${'null,'.repeat(1_000)}null]`,
      'of numbers': '[1,2,3]',
      'with a notification': `[${notification},${one}]`,
      'of notifications': `[${notification},${notification}]`,
      'after a message': `${one}${one}`,
      'in lines': `${one}\n${one}\n`,
      'in an object': `{"0":${one},"length":1}`,
      'of answers': `[{"jsonrpc":"2.0","id":1,"result":{}}]`,
    };
    for (const [what, body] of Object.entries(bodies))
      yield [{ ...unidentified, what: `${era}, ${what}`, body }, hasStatus(400)];
  }
}
