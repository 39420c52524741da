import type { Failure, Success } from '@gantry/pipeline';
import type { CallResult } from '../catalogue/catalogue.ts';

/**
 * The members of a `tools/call` result as JSON, without `_meta`. The output is written out once, and stands in it twice:
 * as it is and, for clients that know nothing else, as text.
 */
export function toolMembers(outcome: CallResult['outcome']): string {
  return outcome.ok ? successMembers(outcome) : failureMembers(outcome);
}

function successMembers({ output }: Success): string {
  const json = JSON.stringify(output);
  return `"resultType":"complete","content":[{"type":"text","text":${JSON.stringify(json)}}],"structuredContent":${json}`;
}

function failureMembers({ error }: Failure): string {
  const json = JSON.stringify(error.toEnvelope());
  return `"resultType":"complete","content":[{"type":"text","text":${JSON.stringify(json)}}],"structuredContent":${json},"isError":true`;
}
