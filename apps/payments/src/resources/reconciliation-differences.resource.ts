import { ResourceTemplate, type ResourceRequest, type ResourceTemplateHandler } from '@gantry/mcp';
import { Injectable } from '@nestjs/common';
import { Reconciliations } from '../desk/reconciliations.ts';
import { differencesUri } from './uris.ts';

/** Differences in one resource: 400 KB at most. */
const PAGE = 1_000;

const NUMBER = /^\d{1,9}$/;

/** What a reconciliation has found to differ. */
@Injectable()
@ResourceTemplate({
  uriTemplate: 'payments://reconciliations/{operation_id}/differences/{after}',
  name: 'reconciliation-differences',
  title: 'Differences of a reconciliation',
  description: `Movements that start_reconciliation found on one side only, or with another amount: up to ${PAGE} after the difference with a number, 0 for the first ones, and the URI of the next ones. Only whoever started it can read it.`,
  mimeType: 'application/json',
  scopes: ['payments:write'],
  ttlMs: 0,
  cache: 'none',
})
export class ReconciliationDifferencesResource implements ResourceTemplateHandler {
  constructor(private readonly reconciliations: Reconciliations) {}

  async read(
    { operation_id: id, after }: { operation_id: string; after: string },
    { principal }: ResourceRequest,
  ): Promise<string | undefined> {
    if (!NUMBER.test(after)) return undefined;
    const found = await this.reconciliations.differences(principal, id, Number(after), PAGE + 1);
    const differences = found.slice(0, PAGE);
    return JSON.stringify({
      differences,
      ...(found.length > PAGE && { next_uri: differencesUri(id, differences.at(-1)!.number) }),
    });
  }
}
