import { ResourceTemplate, type ResourceRequest, type ResourceTemplateHandler } from '@gantry/mcp';
import { Injectable } from '@nestjs/common';
import { Imports } from '../desk/imports.ts';
import { rejectionsUri } from './uris.ts';

/** Rejections in one resource: 600 KB at most. */
const PAGE = 1_000;

/** Line numbers that fit an integer of the database. */
const LINE = /^\d{1,9}$/;

/** The lines of a file that an import did not take. */
@Injectable()
@ResourceTemplate({
  uriTemplate: 'records://imports/{operation_id}/rejections/{after_line}',
  name: 'import-rejections',
  title: 'Rejected lines of an import',
  description: `Lines that import_records did not import, with the reason: up to ${PAGE} after a line number, 0 for the first ones, and the URI of the next ones. Only whoever started the import can read it.`,
  mimeType: 'application/json',
  scopes: ['records:write'],
  ttlMs: 0,
  cache: 'none',
})
export class ImportRejectionsResource implements ResourceTemplateHandler {
  constructor(private readonly imports: Imports) {}

  async read(
    { operation_id: id, after_line: line }: { operation_id: string; after_line: string },
    { principal }: ResourceRequest,
  ): Promise<string | undefined> {
    if (!LINE.test(line)) return undefined;
    const rejections = await this.imports.rejections(principal, id, {
      afterLine: Number(line),
      limit: PAGE + 1,
    });
    const shown = rejections.slice(0, PAGE);
    return JSON.stringify({
      rejections: shown,
      ...(rejections.length > PAGE && { next_uri: rejectionsUri(id, shown.at(-1)!.line) }),
    });
  }
}
