import type { FleetService } from './fleet/fleet.ts';
import type { Judge, Verdict } from './judge/judge.ts';
import { BlockWatch } from './block-watch.ts';
import type { Score } from './score.ts';
import type { Subject } from './subject.ts';
import type { HttpClient } from './wire/http-client.ts';
import { request, type Answer, type Input, type RequestOptions } from './wire/input.ts';
import { sendBytes, type RawAnswer } from './wire/raw-client.ts';

/** What must be said of an answer beside what is said of all; `undefined` if it is as it must be. */
export type Check = (answer: Answer) => string | undefined;

/** An input and what its answer has to be. */
export type Trial = readonly [input: Input, wrong?: Check];

type CallOptions = Partial<RequestOptions> & Pick<RequestOptions, 'family' | 'what'>;

/** Sends inputs to one service, has their answers judged and keeps the score. */
export class Session {
  readonly watch: BlockWatch;

  constructor(
    readonly subject: Subject,
    readonly service: FleetService,
    private readonly client: HttpClient,
    private readonly judge: Judge,
    readonly score: Score,
    private readonly concurrency: number,
    readonly maxTurnMs: number,
  ) {
    this.watch = new BlockWatch(service.process, score, maxTurnMs);
  }

  async send(input: Input, wrong?: Check): Promise<Answer> {
    const flight = this.watch.begin(input);
    const answer = await this.client.send(input);
    flight.end();
    let verdict: Verdict = this.judge.of(input, answer);
    const complaint = answer.failure === undefined ? wrong?.(answer) : undefined;
    if (complaint !== undefined) {
      const violation = {
        fault: 'wrong' as const,
        what: `${complaint} (${answer.status} ${answer.text.slice(0, 300)})`,
      };
      verdict = { ...verdict, violations: [...verdict.violations, violation] };
    }
    this.score.add(input, verdict);
    return answer;
  }

  /** As many at once as usual, unless told: what is large goes alone, or others would wait for it too. */
  async sendAll(trials: Iterable<Trial>, atOnce = this.concurrency): Promise<void> {
    const queue = trials[Symbol.iterator]();
    const work = async () => {
      for (let next = queue.next(); !next.done; next = queue.next()) {
        if (this.service.process.crash) return;
        await this.send(...next.value);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
  }

  /** A call of a tool, by the attacker unless told. */
  call(name: string, args: object, options: CallOptions): Input {
    return this.request('tools/call', { name, arguments: args }, options);
  }

  /** Any request, by the attacker unless told. */
  request(method: string, params: Record<string, unknown>, options: CallOptions): Input {
    return request(method, params, { token: this.subject.token, ...options });
  }

  /** Bytes as they are. What is wrong with the answer is for `wrong` to say. */
  async sendBytes(
    family: string,
    what: string,
    bytes: string | Uint8Array,
    wrong: (answer: RawAnswer) => string | undefined,
    options: Parameters<typeof sendBytes>[2] = {},
  ): Promise<RawAnswer> {
    const input: Input = { family, what, headers: [], body: bytes };
    const flight = this.watch.begin(input);
    const answer = await sendBytes(this.service.url, bytes, options);
    flight.end();
    const complaint = wrong(answer);
    const leaks = this.judge.leaksIn(answer.text);
    this.score.add(input, {
      outcome: 'protocol',
      isUnavailable: false,
      violations: [
        ...(complaint === undefined
          ? []
          : [{ fault: 'wrong' as const, what: `${complaint} (${answer.text.slice(0, 300)})` }]),
        ...leaks.map((leak) => ({ fault: 'leak' as const, what: leak })),
      ],
    });
    return answer;
  }
}
