import { redactCardNumbers } from './card-numbers.ts';

/** Stands where a secret stood. */
export const REDACTED = '[redacted]';

/** Longer texts are cut: nobody reads them, and a hostile caller must not fill the disk. */
export const MAX_TEXT = 8_192;

/** No secret shorter than this is cut in two unseen: see {@link cut}. */
const OVERLAP = 512;

/** Every pattern is linear, or bounded, in the length of the text. */
const SECRETS: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  [/-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[^]*?(?:-----END|$)/g, REDACTED],
  // JSON Web Tokens, cut ones too: base64url of '{"', then parts joined by dots.
  [/(?<![\w-])eyJ[\w-]{8,}(?:\.[\w-]*){0,4}/g, REDACTED],
  [/\b(bearer(?:\s|%20)+)[\w.~+/=-]+/gi, `$1${REDACTED}`],
  // Headers, up to the end of the line: a cookie is many.
  [/((?:authorization|cookie)\\*["']?\s{0,4}[:=]\s{0,4}\\*["']?)[^\r\n"']+/gi, `$1${REDACTED}`],
  // name=value, name: value, "name":"value", and JSON inside JSON.
  [
    /((?:passw(?:or)?d|passphrase|pwd|secret|token|(?:api|access|private)[_-]?key|\bcv[cv]2?)\\*["']?\s{0,4}[:=]\s{0,4})(?:"(?:[^"\\]|\\.)*"?|\\+"[^"]*"?|'[^']*'?|[^\s"',;&]+)/gi,
    `$1${REDACTED}`,
  ],
  // The password in a URL: scheme://user:password@host.
  [/(\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s:/@]{0,128}:)[^\s/@]+@/gi, `$1${REDACTED}@`],
  [/\b(?:[srp]k_(?:live|test)_|whsec_)\w+/g, REDACTED],
];

/**
 * What every text with a secret in it has: one look instead of many, for log lines are mostly
 * short words that have none of it.
 */
const SUSPECT = /[:=]|bearer|eyJ|[kc]_|-----|(?:\d\D{0,3}){13}/i;

/**
 * A text without bearer tokens, JSON Web Tokens, passwords and keys that are named as such, passwords in URLs,
 * private keys and card numbers; cut after 8 KiB.
 */
export function redactText(text: string): string {
  if (text.length > MAX_TEXT) return cut(text);
  return SUSPECT.test(text) ? replaceSecrets(text) : text;
}

function replaceSecrets(text: string): string {
  let clean = text;
  for (const [pattern, replacement] of SECRETS) clean = clean.replace(pattern, replacement);
  return redactCardNumbers(clean, REDACTED);
}

/** A secret that the cut went through is at the very end of what was redacted, so the end is dropped. */
function cut(text: string): string {
  const clean = replaceSecrets(text.slice(0, MAX_TEXT + OVERLAP)).slice(0, -OVERLAP);
  return `${clean}… [cut, ${text.length} characters]`;
}
