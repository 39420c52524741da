import { ResourceTemplate, type ResourceRequest, type ResourceTemplateHandler } from '@gantry/mcp';
import { Injectable } from '@nestjs/common';
import { Exports } from '../desk/exports.ts';

/** Numbers of parts that fit an integer of the database. */
const PART = /^[1-9]\d{0,8}$/;

/** A part of an exported file. */
@Injectable()
@ResourceTemplate({
  uriTemplate: 'records://exports/{operation_id}/{part}',
  name: 'export-part',
  title: 'Part of an exported file',
  description:
    'A part of a file that export_records wrote, from 1 to the number of parts in its result. The parts, one after the other, are the file: NDJSON or CSV. Only whoever started the export can read it.',
  mimeType: 'text/plain',
  scopes: ['records:read'],
  ttlMs: 0,
  cache: 'none',
})
export class ExportPartResource implements ResourceTemplateHandler {
  constructor(private readonly exports: Exports) {}

  async read(
    { operation_id: id, part }: { operation_id: string; part: string },
    { principal }: ResourceRequest,
  ): Promise<string | undefined> {
    if (!PART.test(part)) return undefined;
    return (await this.exports.part(principal, id, Number(part)))?.content;
  }
}
