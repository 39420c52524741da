/** URI of an order. */
export function orderUri(id: string): string {
  return `orders://orders/${id}`;
}
