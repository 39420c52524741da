import { InputRequired, type ElicitationMeta } from '@gantry/pipeline';
import { inputRequired, type InputRequiredResult, type ServerContext } from '@modelcontextprotocol/server';
import { clientCapabilities } from '../sdk/client-capabilities.ts';
import type { CallResult } from '../catalogue/catalogue.ts';
import type { Era } from '../sdk/tool-result.ts';
import { inputRequestOf } from './form.ts';

/** What a request says of elicitation; `undefined` if its client cannot put a form before its user. */
export function elicitationMeta(ctx: ServerContext, era: Era): ElicitationMeta | undefined {
  const declared = clientCapabilities(ctx, era)?.elicitation;
  // A bare declaration means forms.
  if (!declared || (declared.form === undefined && declared.url !== undefined)) return undefined;
  const { inputResponses } = ctx.mcpReq;
  const requestState = ctx.mcpReq.requestState<string>();
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
