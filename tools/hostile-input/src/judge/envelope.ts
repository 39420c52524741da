import { isSharedErrorCode, type ErrorEnvelope } from '@gantry/errors';

const CATEGORIES: readonly unknown[] = ['client_error', 'business_error', 'server_error'];
const FIELDS: ReadonlySet<string> = new Set([
  'error',
  'code',
  'category',
  'retryable',
  'hint',
  'retry_after_seconds',
  'error_id',
  'details',
]);
/** Longer ones repeat what they were given. */
const MAX_TEXT = 2_000;

/**
 * What is wrong with an error envelope.
 *
 * @param declared - codes that the tool promises beside the shared ones
 */
export function envelopeFaults(value: unknown, declared: readonly string[]): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return ['there is no envelope'];
  const {
    error,
    code,
    category,
    retryable,
    hint,
    error_id: errorId,
    details,
    ...rest
  } = value as Partial<ErrorEnvelope>;
  const wrong = (is: boolean, what: string) => (is ? [what] : []);
  const isText = (text: unknown) => typeof text === 'string' && text !== '' && text.length <= MAX_TEXT;
  return [
    ...wrong(!isText(error), 'error is no sentence, or one without end'),
    ...wrong(!isText(hint), 'hint is no sentence, or one without end'),
    ...wrong(!isText(errorId), 'there is no error_id'),
    ...wrong(!CATEGORIES.includes(category), `category is ${JSON.stringify(category)}`),
    ...wrong(typeof retryable !== 'boolean', `retryable is ${JSON.stringify(retryable)}`),
    ...wrong(
      details !== undefined && (typeof details !== 'object' || details === null),
      'details is no object',
    ),
    ...wrong(
      typeof code !== 'string' || !(declared.includes(code) || isSharedErrorCode(code)),
      `code ${JSON.stringify(code)} is neither declared nor shared`,
    ),
    ...Object.keys(rest)
      .filter((field) => !FIELDS.has(field))
      .map((field) => `${field} is no field of an envelope`),
  ];
}
