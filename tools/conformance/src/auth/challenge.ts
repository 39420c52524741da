/** Parameters of a `WWW-Authenticate: Bearer` challenge (RFC 6750 section 3); `undefined` if it is none. */
export function parseChallenge(header: string | null): Readonly<Record<string, string>> | undefined {
  const [, parameters] = /^Bearer(?: +(.*))?$/i.exec(header ?? '') ?? [];
  if (header === null || !/^Bearer\b/i.test(header)) return undefined;
  const found = (parameters ?? '').matchAll(/([a-z_]+)="([^"\\]*)"/gi);
  return Object.fromEntries([...found].map(([, name, value]) => [name!.toLowerCase(), value!]));
}
