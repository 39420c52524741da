import { StackError } from './stack-settings.ts';

const PAIR = /^(?<name>\w+)(?<mark>:?=)(?<value>.*)$/s;

/**
 * Arguments of a tool as they are written on a command line: `name=text`, or `name:=json` for all that is no text.
 *
 * @throws StackError that says what is wrong with one
 */
export function toolArguments(pairs: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(pairs.map(argument));
}

function argument(pair: string): [string, unknown] {
  const { name, mark, value } = PAIR.exec(pair)?.groups ?? {};
  if (name === undefined || value === undefined) {
    throw new StackError(`'${pair}' is no argument; write name=text or name:=json, for example limit:=3.`);
  }
  if (mark === '=') return [name, value];
  try {
    return [name, JSON.parse(value)];
  } catch {
    throw new StackError(`What stands behind '${name}:=' must be JSON; for text write ${name}=….`);
  }
}
