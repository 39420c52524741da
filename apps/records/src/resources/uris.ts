/** URI of a collection's definition. */
export function collectionUri(name: string): string {
  return `records://collections/${name}`;
}

/** URI of a record. */
export function recordUri(id: string): string {
  return `records://records/${id}`;
}

/** URI of what an import did not take, from a line on. */
export function rejectionsUri(operationId: string, afterLine: number): string {
  return `records://imports/${operationId}/rejections/${afterLine}`;
}

/** RFC 6570 template of the parts of an exported file. */
export function exportPartTemplate(operationId: string): string {
  return `records://exports/${operationId}/{part}`;
}
