import { RejectionPages, REJECTIONS_PER_PAGE } from '@gantry/files';
import { ResourceTemplate, type ResourceRequest, type ResourceTemplateHandler } from '@gantry/mcp';
import { Injectable } from '@nestjs/common';
import { rejectionsUri } from './uris.ts';

/** The lines of a file that a reconciliation could not read. */
@Injectable()
@ResourceTemplate({
  uriTemplate: 'payments://reconciliations/{operation_id}/rejections/{after_line}',
  name: 'reconciliation-rejections',
  title: 'Rejected lines of a reconciliation',
  description: `Lines that start_reconciliation could not read, with the reason: up to ${REJECTIONS_PER_PAGE} after a line number, 0 for the first ones, and the URI of the next ones. Only whoever started it can read it.`,
  mimeType: 'application/json',
  scopes: ['payments:write'],
  ttlMs: 0,
  cache: 'none',
})
export class ReconciliationRejectionsResource implements ResourceTemplateHandler {
  constructor(private readonly pages: RejectionPages) {}

  async read(
    { operation_id: id, after_line: line }: { operation_id: string; after_line: string },
    { principal }: ResourceRequest,
  ): Promise<string | undefined> {
    return this.pages.read(principal, id, line, rejectionsUri);
  }
}
