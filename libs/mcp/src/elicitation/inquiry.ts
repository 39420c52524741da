import { createHash, randomUUID } from 'node:crypto';
import { jsonPointer } from '@gantry/errors';
import {
  AnswerRefused,
  canonicalJson,
  InputRequired,
  type Answer,
  type AskedQuestion,
  type ElicitationMeta,
  type Question,
  type RunningCall,
  type Ticket,
} from '@gantry/pipeline';
import type { z } from 'zod';
import { formOf } from './form.ts';
import {
  rawAnswer,
  type CallState,
  type KnownQuestion,
  type RawAnswer,
  type RequestStates,
} from './request-state.ts';

/** In the state and in the answers it is the name of a property. */
const KEY = /^[a-z][a-z0-9_]{0,63}$/;

/** What a validator says of hostile input must not be echoed at length. */
const MAX_MESSAGE_LENGTH = 300;

/** All that one call asks and is answered. */
export class Inquiry {
  /** What the handler asked in this round, answered or not. */
  readonly #asked = new Map<string, KnownQuestion>();
  /** What the person still has to be asked. */
  readonly #open = new Map<string, AskedQuestion>();

  private constructor(
    private readonly call: RunningCall,
    private readonly states: RequestStates,
    private readonly validSeconds: number,
    private readonly id: string,
    /** Asked in earlier rounds, with the answers that have come. */
    private readonly known: ReadonlyMap<string, KnownQuestion>,
  ) {}

  /**
   * Takes up what the client sent along.
   *
   * @throws AnswerRefused if any of it does not belong to this call
   */
  static begin(
    call: RunningCall,
    { requestState, inputResponses = {} }: ElicitationMeta,
    states: RequestStates,
    validSeconds: number,
  ): Inquiry {
    const state = requestState === undefined ? undefined : states.open(call, requestState);
    if (requestState !== undefined && !state) throw foreignState(call);
    const known = new Map(Object.entries(state?.questions ?? {}));
    for (const [key, response] of Object.entries(inputResponses)) {
      const question = known.get(key);
      if (!question) throw refused(call, [key], 'Nothing was asked under this key.');
      const answer = rawAnswer.safeParse(response);
      if (!answer.success) throw refused(call, [key], 'It is not the answer to a form.');
      known.set(key, { ...question, answer: answer.data });
    }
    return new Inquiry(call, states, validSeconds, state?.id ?? randomUUID(), known);
  }

  /** What has to be used up for the answers to count; `undefined` if there are none. */
  get ticket(): Ticket | undefined {
    const { id, validSeconds } = this;
    const hasAnswers = [...this.known.values()].some((question) => question.answer);
    return hasAnswers ? { id, validSeconds } : undefined;
  }

  /** How the call has to end if a question is open, whatever its handler made of that. */
  get ending(): InputRequired | undefined {
    if (this.#open.size === 0) return undefined;
    const state: CallState = {
      id: this.id,
      expiresAt: Math.ceil(Date.now() / 1_000) + this.validSeconds,
      questions: Object.fromEntries(this.#asked),
    };
    const sealed = this.states.seal(this.call, state);
    if (sealed === undefined) throw tooLong(this.call);
    return new InputRequired(Object.fromEntries(this.#open), sealed);
  }

  /** See `ToolCall.ask`. */
  async ask<Schema extends z.ZodObject>(key: string, question: Question<Schema>): Promise<Answer<Schema>> {
    if (!KEY.test(key)) throw new Error(`"${key}" cannot be the key of a question.`);
    const asked: AskedQuestion = { message: question.message, schema: formOf(question.schema) };
    const digest = createHash('sha256').update(canonicalJson(asked)).digest('base64url');
    if ((this.#asked.get(key)?.digest ?? digest) !== digest)
      throw new Error(`Two questions of one call have the key ${key}.`);
    const known = this.known.get(key);
    // An answer to another question, say because the amount has changed meanwhile, is none to this one.
    if (known?.answer && known.digest === digest) {
      this.#asked.set(key, known);
      return this.#checked(key, question.schema, known.answer);
    }
    this.#asked.set(key, { digest });
    this.#open.set(key, asked);
    throw new InputRequired({ [key]: asked });
  }

  #checked<Schema extends z.ZodObject>(
    key: string,
    schema: Schema,
    { action, content = {} }: RawAnswer,
  ): Answer<Schema> {
    if (action !== 'accept') return { action };
    const parsed = schema.safeParse(content);
    if (parsed.success) return { action, content: parsed.data };
    throw new AnswerRefused(
      this.call.tool.name,
      'The answer does not fit the form.',
      parsed.error.issues.map(({ path, message }) => ({
        path: jsonPointer(['inputResponses', key, 'content', ...path]).slice(0, MAX_MESSAGE_LENGTH),
        message: message.slice(0, MAX_MESSAGE_LENGTH),
      })),
    );
  }
}

/** One answer to everything that is wrong with a state: who tampers learns nothing from it. */
function foreignState({ tool }: RunningCall): AnswerRefused {
  return new AnswerRefused(tool.name, 'The answers do not belong to this call, or come too late.', [
    {
      path: '/requestState',
      message: 'Send it back unchanged and in time, with the same arguments and idempotency_key.',
    },
  ]);
}

function refused({ tool }: RunningCall, path: string[], message: string): AnswerRefused {
  const pointer = jsonPointer(['inputResponses', ...path]).slice(0, MAX_MESSAGE_LENGTH);
  return new AnswerRefused(tool.name, 'The answers do not fit what was asked.', [{ path: pointer, message }]);
}

function tooLong({ tool }: RunningCall): AnswerRefused {
  return new AnswerRefused(tool.name, 'The answers are too long.', [
    { path: '/inputResponses', message: 'Give shorter answers.' },
  ]);
}
