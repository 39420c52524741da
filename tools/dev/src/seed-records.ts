import { ToolRefusal } from './call-tool.ts';
import { COUNTRIES, COUNTRY_DOCUMENTS } from './demo-countries.ts';
import type { CallTool } from './tool-request.ts';

/**
 * Fills the collection `countries`. What is there is left alone, deleted and changed records included, so that
 * a developer's changes outlive a restart; the keys make a repeated or interrupted run safe on top of that.
 */
export async function seedRecords(call: CallTool): Promise<string> {
  const present = await codesPresent(call);
  const missing = COUNTRY_DOCUMENTS.filter(({ code }) => !present.has(code));
  for (const document of missing) {
    const idempotency_key = `demo-country-${document.code}`;
    await call('create_record', { collection: COUNTRIES.name, document, idempotency_key });
  }
  return missing.length === 0 ? 'all there' : `${missing.length} records in "${COUNTRIES.name}"`;
}

/** Codes of the demo countries that exist or did exist. Defines the collection if there is none. */
async function codesPresent(call: CallTool): Promise<Set<unknown>> {
  try {
    const { items } = await call('list_records', {
      collection: COUNTRIES.name,
      filter: [{ field: 'code', op: 'in', value: COUNTRY_DOCUMENTS.map(({ code }) => code) }],
      include_deleted: true,
      fields: ['code'],
      limit: 100,
    });
    return new Set((items as { data: { code: string } }[]).map(({ data }) => data.code));
  } catch (error) {
    if (!(error instanceof ToolRefusal) || error.code !== 'collection_not_found') throw error;
    await call('define_collection', COUNTRIES);
    return new Set();
  }
}
