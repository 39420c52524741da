import type { ToolReply } from './raw-call.ts';
import { key, type Shop } from './shop.ts';

/** How an operation has ended. */
export async function ended(
  shop: Shop,
  { operation_id }: { operation_id: string },
): Promise<ToolReply['output']> {
  for (;;) {
    const { output } = await shop.call('check_operation_status', { operation_id });
    if (output['status'] !== 'queued' && output['status'] !== 'running') return output;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Imports a file in one part and waits until that has ended. */
export async function imported(
  shop: Shop,
  kind: 'products' | 'customers',
  content: string,
  format: 'csv' | 'ndjson' = 'csv',
): Promise<ToolReply['output']> {
  const { output, text } = await shop.call('import_catalogue', {
    kind,
    format,
    content,
    idempotency_key: key(),
  });
  if (!output) throw new Error(text);
  return ended(shop, output['operation']);
}
