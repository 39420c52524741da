import type { z } from 'zod';
import type { Setting } from './settings.ts';

/** What became of a raw text: the value its schema made of it, or what is wrong in words that may be shown. */
export type Parsed =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly reason: string };

/** Fits the raw text (`undefined` if not set) to a setting's schema. */
export function parse(setting: Setting, raw: string | undefined): Parsed {
  let result: z.ZodSafeParseResult<unknown>;
  try {
    result = setting.schema.safeParse(raw);
  } catch {
    // What a schema throws may quote its input.
    return { ok: false, reason: 'is invalid' };
  }
  if (result.success) return { ok: true, value: result.data };
  if (raw === undefined) return { ok: false, reason: missing(setting) };
  const complaints = result.error.issues.map(complaint).join('; ');
  if (!setting.secret) return { ok: false, reason: `is ${JSON.stringify(shorten(raw))}: ${complaints}` };
  return { ok: false, reason: quotes(complaints, raw) ? 'is invalid' : `is invalid: ${complaints}` };
}

function missing({ name, secret }: Setting): string {
  return secret
    ? `is required; set it, or ${name}_FILE to the path of a file with it`
    : 'is required but not set';
}

function complaint({ path, message }: z.core.$ZodIssue): string {
  const [index] = path;
  return typeof index === 'number' ? `item ${index + 1} ${message}` : message;
}

function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

/** Does a message repeat any part of a secret? Checks written by hand may quote what they refuse. */
function quotes(message: string, value: string): boolean {
  const length = Math.min(4, value.length);
  for (let start = 0; start + length <= value.length; start++) {
    if (message.includes(value.slice(start, start + length))) return true;
  }
  return false;
}
