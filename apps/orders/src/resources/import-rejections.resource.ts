import { SentFiles } from '@gantry/files';
import { Operations } from '@gantry/jobs';
import { ResourceTemplate, type ResourceRequest, type ResourceTemplateHandler } from '@gantry/mcp';
import { Injectable } from '@nestjs/common';
import { rejectionsUri } from './catalogue-uris.ts';

/** Rejections in one resource: 600 KB at most. */
const PAGE = 1_000;

/** Line numbers that fit an integer of the database. */
const LINE = /^\d{1,9}$/;

/** The rows of a file that an import did not take. */
@Injectable()
@ResourceTemplate({
  uriTemplate: 'orders://imports/{operation_id}/rejections/{after_line}',
  name: 'import-rejections',
  title: 'Rejected rows of an import',
  description: `Rows that import_catalogue did not take, with the reason: up to ${PAGE} after a line number, 0 for the first ones, and the URI of the next ones. Only whoever started the import can read it.`,
  mimeType: 'application/json',
  scopes: ['orders:admin'],
  ttlMs: 0,
  cache: 'none',
})
export class ImportRejectionsResource implements ResourceTemplateHandler {
  constructor(
    private readonly operations: Operations,
    private readonly files: SentFiles,
  ) {}

  async read(
    { operation_id: id, after_line: line }: { operation_id: string; after_line: string },
    { principal }: ResourceRequest,
  ): Promise<string | undefined> {
    if (!LINE.test(line)) return undefined;
    // Refuses everybody but the owner.
    await this.operations.status({ principal }, id);
    const rejections = await this.files.rejections(id, Number(line), PAGE + 1);
    const shown = rejections.slice(0, PAGE);
    return JSON.stringify({
      rejections: shown,
      ...(rejections.length > PAGE && { next_uri: rejectionsUri(id, shown.at(-1)!.line) }),
    });
  }
}
