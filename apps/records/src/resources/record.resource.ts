import { ResourceTemplate, type ResourceTemplateHandler } from '@gantry/mcp';
import { Injectable } from '@nestjs/common';
import { RecordStore } from '../store/record.store.ts';
import { recordView } from '../tools/record.view.ts';

/** Ids that are offered at once. */
const OFFERED = 20;

/** The latest version of a record. */
@Injectable()
@ResourceTemplate({
  uriTemplate: 'records://records/{record_id}',
  name: 'record',
  title: 'Record',
  description:
    'A live record with its document, as get_record returns it. Subscribe to it to hear when it is changed, deleted or restored.',
  mimeType: 'application/json',
  scopes: ['records:read'],
  ttlMs: 10_000,
})
export class RecordResource implements ResourceTemplateHandler {
  constructor(private readonly records: RecordStore) {}

  async read({ record_id: id }: { record_id: string }): Promise<string | undefined> {
    const record = await this.records.find(id);
    return record && !record.deletedAt ? JSON.stringify(recordView(record)) : undefined;
  }

  complete(_variable: string, prefix: string): Promise<string[]> {
    return this.records.idsFrom(prefix, OFFERED);
  }
}
