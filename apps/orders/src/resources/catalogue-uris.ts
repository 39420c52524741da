/** URI of a product. */
export function productUri(id: string): string {
  return `orders://products/${id}`;
}

/** URI of a customer. */
export function customerUri(id: string): string {
  return `orders://customers/${id}`;
}

/** URI of what an import did not take, from a line on. */
export function rejectionsUri(operationId: string, afterLine: number): string {
  return `orders://imports/${operationId}/rejections/${afterLine}`;
}
