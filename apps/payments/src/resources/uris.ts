/** URI of what a reconciliation has found to differ, after the difference with a number. */
export function differencesUri(operationId: string, after: number): string {
  return `payments://reconciliations/${operationId}/differences/${after}`;
}

/** URI of what a reconciliation could not read of its file, from a line on. */
export function rejectionsUri(operationId: string, afterLine: number): string {
  return `payments://reconciliations/${operationId}/rejections/${afterLine}`;
}
