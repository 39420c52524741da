import { RejectionPages, REJECTIONS_PER_PAGE } from '@gantry/files';
import { ResourceTemplate, type ResourceRequest, type ResourceTemplateHandler } from '@gantry/mcp';
import { Injectable } from '@nestjs/common';
import { rejectionsUri } from './catalogue-uris.ts';

/** The rows of a file that an import did not take. */
@Injectable()
@ResourceTemplate({
  uriTemplate: 'orders://imports/{operation_id}/rejections/{after_line}',
  name: 'import-rejections',
  title: 'Rejected rows of an import',
  description: `Rows that import_catalogue did not take, with the reason: up to ${REJECTIONS_PER_PAGE} after a line number, 0 for the first ones, and the URI of the next ones. Only whoever started the import can read it.`,
  mimeType: 'application/json',
  scopes: ['orders:admin'],
  ttlMs: 0,
  cache: 'none',
})
export class ImportRejectionsResource implements ResourceTemplateHandler {
  constructor(private readonly pages: RejectionPages) {}

  async read(
    { operation_id: id, after_line: line }: { operation_id: string; after_line: string },
    { principal }: ResourceRequest,
  ): Promise<string | undefined> {
    return this.pages.read(principal, id, line, rejectionsUri);
  }
}
