import { sendRaw, type RawAnswer, type RawRequest } from '@gantry/testing';

/** What a client declares that can show forms. */
export const FORMS = { elicitation: { form: {} } };

/** What a client declares that can handle tasks. */
export const TASKS = { extensions: { 'io.modelcontextprotocol/tasks': {} } };

/** A call of a tool with everything that a hostile one changes. */
export interface RawCall extends Pick<RawRequest, 'capabilities' | 'params' | 'headers'> {
  readonly name?: string;
  readonly args?: Record<string, unknown>;
}

/** Calls a tool over plain HTTP. */
export function call(url: string, token: string, raw: RawCall): Promise<RawAnswer> {
  const { name = 'approve_payment', args = {}, capabilities = FORMS, params, headers } = raw;
  return sendRaw(url, token, {
    method: 'tools/call',
    params: { name, arguments: args, ...params },
    capabilities,
    headers,
  });
}
