import { ResourceTemplate, type ResourceRequest, type ResourceTemplateHandler } from '@gantry/mcp';
import { Injectable } from '@nestjs/common';
import { Reconciliations } from '../desk/reconciliations.ts';
import { rejectionsUri } from './uris.ts';

/** Rejections in one resource: 600 KB at most. */
const PAGE = 1_000;

/** Line numbers that fit an integer of the database. */
const LINE = /^\d{1,9}$/;

/** The lines of a file that a reconciliation could not read. */
@Injectable()
@ResourceTemplate({
  uriTemplate: 'payments://reconciliations/{operation_id}/rejections/{after_line}',
  name: 'reconciliation-rejections',
  title: 'Rejected lines of a reconciliation',
  description: `Lines that start_reconciliation could not read, with the reason: up to ${PAGE} after a line number, 0 for the first ones, and the URI of the next ones. Only whoever started it can read it.`,
  mimeType: 'application/json',
  scopes: ['payments:write'],
  ttlMs: 0,
  cache: 'none',
})
export class ReconciliationRejectionsResource implements ResourceTemplateHandler {
  constructor(private readonly reconciliations: Reconciliations) {}

  async read(
    { operation_id: id, after_line: line }: { operation_id: string; after_line: string },
    { principal }: ResourceRequest,
  ): Promise<string | undefined> {
    if (!LINE.test(line)) return undefined;
    const found = await this.reconciliations.rejections(principal, id, Number(line), PAGE + 1);
    const rejections = found.slice(0, PAGE);
    return JSON.stringify({
      rejections,
      ...(found.length > PAGE && { next_uri: rejectionsUri(id, rejections.at(-1)!.line) }),
    });
  }
}
