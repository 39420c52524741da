import { inputRequired, type InputRequest } from '@modelcontextprotocol/server';
import type { AskedQuestion } from '@gantry/pipeline';
import type { z } from 'zod';

type ElicitSchema = Extract<
  Parameters<typeof inputRequired.elicit>[0]['requestedSchema'],
  { type: 'object' }
>;

/**
 * The form for a schema, in the part of JSON Schema that forms may use.
 *
 * @throws Error if it is not a flat object of strings, numbers, booleans and enums
 */
export function formOf(schema: z.ZodObject): AskedQuestion['schema'] {
  // Forms have no way to say that other fields are refused, and no client would send any.
  const { params } = inputRequired.elicit({ message: '', requestedSchema: schema.strip() }) as {
    params: { requestedSchema: ElicitSchema };
  };
  const { $schema: _dialect, ...form } = params.requestedSchema as Record<string, unknown>;
  return form;
}

/** A question as the client gets it. */
export function inputRequestOf({ message, schema }: AskedQuestion): InputRequest {
  return inputRequired.elicit({ message, requestedSchema: schema as ElicitSchema });
}
