import {
  FILE_ERRORS,
  fileFormat,
  fileInput,
  fileOutput,
  HOW_TO_SEND,
  Uploads,
  uploadView,
} from '@gantry/files';
import {
  defineTool,
  Tool,
  type InputOf,
  type OutputOf,
  type ToolCall,
  type ToolHandler,
} from '@gantry/pipeline';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { CATALOGUE_KINDS } from '../domain/catalogue-import.ts';
import { importCatalogueOperation } from '../workflows/import-catalogue.ts';

const importCatalogue = defineTool({
  name: 'import_catalogue',
  title: 'Import products or customers from a file',
  description:
    'Takes in products or customers from a CSV or NDJSON file, in the background. Each row describes one anew: it is ' +
    'made, or if its sku or reference is known, replaced but for its stock (see restock_product), so a file can be ' +
    'imported again. Products: sku, name, description, category, unit_price (in major units, such as 18.00), currency, ' +
    'is_active (true unless given). Customers: reference, name, email, address_line, city, region, postal_code, ' +
    'country. Rows that are wrong are skipped and do not stop the import; the result has created, updated, unchanged, ' +
    'rejected, and line number and reason of the first 20 rejections (more at rejections_uri). A CSV header with other ' +
    `names fails the operation (catalogue_columns_invalid). ${HOW_TO_SEND} At most 120 calls a minute.`,
  input: z.strictObject({
    kind: z.enum(CATALOGUE_KINDS).describe('What the file holds.'),
    format: fileFormat,
    ...fileInput,
  }),
  output: z.object(fileOutput),
  scopes: ['orders:admin'],
  effect: 'create',
  errors: [...FILE_ERRORS],
  limits: { callsPerMinute: 120, concurrent: 10, deadlineMs: 15_000 },
  startsOperation: true,
});

/** Takes files of products and customers. */
@Injectable()
@Tool(importCatalogue)
export class ImportCatalogueTool implements ToolHandler<typeof importCatalogue> {
  constructor(private readonly uploads: Uploads) {}

  async call(
    { kind, format, last, ...part }: InputOf<typeof importCatalogue>,
    call: ToolCall,
  ): Promise<OutputOf<typeof importCatalogue>> {
    const use = { purpose: importCatalogue.name, parameters: { kind, format } };
    const upload = await this.uploads.receive(call.principal, use, part);
    if (!last) return { upload: uploadView(upload) };
    const operation = await this.uploads.start(call, upload, importCatalogueOperation, (file) => ({
      kind,
      format,
      file,
    }));
    return { operation };
  }
}
