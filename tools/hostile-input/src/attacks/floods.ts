import { codeOf, outputOf } from '../judge/rpc.ts';
import type { Trial } from '../session.ts';
import type { Arena, Attack } from './attack.ts';

const TIMES = 400;
/** Few: a process that has just begun is slow, and that is no news. */
const AT_ONCE = 6;

/** Against a process with the limits that it has by default: more than anybody may. */
export const floods: Attack = {
  name: 'floods',
  async run({ session, colleague }) {
    const refusals = { count: 0 };
    await session.sendAll(calls({ session }, refusals), AT_ONCE);
    if (refusals.count === 0)
      session.score.find('wrong', `${TIMES} calls, and none was too many`, undefined, this.name);
    const other = await session.send(
      session.call(
        'health_check',
        {},
        { family: this.name, what: "a colleague's call meanwhile", token: colleague },
      ),
    );
    if (!outputOf(other))
      session.score.find(
        'wrong',
        `others are refused too: ${other.text.slice(0, 200)}`,
        undefined,
        this.name,
      );
    await session.sendAll(reads({ session }), AT_ONCE);
  },
};

function* calls({ session }: Pick<Arena, 'session'>, refusals: { count: number }): Generator<Trial> {
  for (let times = 0; times < TIMES; times += 1)
    yield [
      session.call('health_check', {}, { family: floods.name, what: 'too many calls' }),
      (answer) => {
        if (outputOf(answer)) return undefined;
        const code = codeOf(answer);
        if (code !== 'rate_limited') return `refused with ${code}, not rate_limited`;
        refusals.count += 1;
        return /"retry_after_seconds":\d/.test(answer.text)
          ? undefined
          : 'it does not say when to come again';
      },
    ];
}

function* reads({ session }: Pick<Arena, 'session'>): Generator<Trial> {
  for (let times = 0; times < TIMES / 4; times += 1) {
    const [method, params] = [
      ['resources/read', { uri: 'config://server-settings' }] as const,
      ['tasks/get', { taskId: 'op_01h455vb4pex5vsknk084sn02q' }] as const,
      ['resources/list', {}] as const,
    ][times % 3]!;
    yield [session.request(method, params, { family: floods.name, what: `too many ${method}` })];
  }
}
