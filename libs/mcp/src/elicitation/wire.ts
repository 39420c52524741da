import { InputRequired, type ElicitationMeta } from '@gantry/pipeline';
import {
  inputRequired,
  type ClientCapabilities,
  type InputRequiredResult,
} from '@modelcontextprotocol/server';
import type { CallResult } from '../catalogue/catalogue.ts';
import { inputRequestOf } from './form.ts';

/**
 * What a request says of elicitation; `undefined` if its client cannot put a form before its user.
 *
 * @param answers - what it brought of an earlier round
 */
export function elicitationMeta(
  capabilities: ClientCapabilities | undefined,
  { requestState, inputResponses }: ElicitationMeta = {},
): ElicitationMeta | undefined {
  const declared = capabilities?.elicitation;
  // A bare declaration means forms.
  if (!declared || (declared.form === undefined && declared.url !== undefined)) return undefined;
  return { ...(requestState !== undefined && { requestState }), ...(inputResponses && { inputResponses }) };
}

/** The questions that a call ended with, as its result; `undefined` if it ended otherwise. */
export function questionsOf({ outcome }: CallResult): InputRequiredResult | undefined {
  if (outcome.ok || !(outcome.error instanceof InputRequired)) return undefined;
  const { questions, requestState } = outcome.error;
  return inputRequired({
    inputRequests: Object.fromEntries(
      Object.entries(questions).map(([key, question]) => [key, inputRequestOf(question)]),
    ),
    requestState,
  });
}
