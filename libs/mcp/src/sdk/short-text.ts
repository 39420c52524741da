/** A short string from the wire, or nothing. */
export function shortText(value: unknown): string | undefined {
  return typeof value === 'string' && value.length <= 1_024 ? value : undefined;
}
