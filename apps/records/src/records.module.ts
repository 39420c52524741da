import { auditMigrations, AuditModule } from '@gantry/audit';
import { AuthModule } from '@gantry/auth';
import { CacheModule } from '@gantry/cache';
import { UsesSettings } from '@gantry/config';
import { FilesModule, filesMigrations } from '@gantry/files';
import { IdempotencyModule, idempotencyMigrations } from '@gantry/idempotency';
import { CancelOperationTool, CheckOperationStatusTool, JobsModule, jobsMigrations } from '@gantry/jobs';
import { PaginationModule } from '@gantry/pagination';
import { PostgresModule, type MigrationSource } from '@gantry/postgres';
import { RateLimitModule } from '@gantry/rate-limit';
import { Module } from '@nestjs/common';
import { Admissions } from './desk/admission.ts';
import { Collections } from './desk/collections.ts';
import { Exports } from './desk/exports.ts';
import { Imports } from './desk/imports.ts';
import { RecordDesk } from './desk/record-desk.ts';
import { RecordSearch } from './desk/record-search.ts';
import { DesignCollectionPrompt } from './prompts/design-collection.prompt.ts';
import { ExploreCollectionPrompt } from './prompts/explore-collection.prompt.ts';
import { recordsSettings } from './records.config.ts';
import { CollectionResource } from './resources/collection.resource.ts';
import { ExportPartResource } from './resources/export-part.resource.ts';
import { ImportRejectionsResource } from './resources/import-rejections.resource.ts';
import { RecordResource } from './resources/record.resource.ts';
import { CollectionSchemas } from './schema/collection-schemas.ts';
import { CollectionStore } from './store/collection.store.ts';
import { ExportStore } from './store/export.store.ts';
import { RecordHistoryStore } from './store/record-history.store.ts';
import { RecordSearchStore } from './store/record-search.store.ts';
import { RecordStore } from './store/record.store.ts';
import { CreateRecordTool } from './tools/create-record.tool.ts';
import { DefineCollectionTool } from './tools/define-collection.tool.ts';
import { DeleteRecordTool } from './tools/delete-record.tool.ts';
import { ExportRecordsTool } from './tools/export-records.tool.ts';
import { GetRecordHistoryTool } from './tools/get-record-history.tool.ts';
import { GetRecordTool } from './tools/get-record.tool.ts';
import { ImportRecordsTool } from './tools/import-records.tool.ts';
import { ListCollectionsTool } from './tools/list-collections.tool.ts';
import { ListRecordsTool } from './tools/list-records.tool.ts';
import { RestoreRecordTool } from './tools/restore-record.tool.ts';
import { SearchRecordsTool } from './tools/search-records.tool.ts';
import { UpdateRecordTool } from './tools/update-record.tool.ts';
import { ExportRecords } from './workflows/export-records.ts';
import { ImportRecords } from './workflows/import-records.ts';
import { PurgeFiles } from './workflows/purge-files.ts';
import { StartExport } from './workflows/start-export.ts';

/** All tables of the service, those of the libraries it uses first. */
export const migrations: readonly MigrationSource[] = [
  idempotencyMigrations,
  auditMigrations,
  jobsMigrations,
  filesMigrations,
  { name: 'records', directory: new URL('../migrations/', import.meta.url) },
];

/** The records service: what it is made of, at a glance. */
@Module({
  imports: [
    PostgresModule.forRoot({ migrations }),
    AuthModule.forRoot({ scopesSupported: ['records:read', 'records:write', 'records:admin'] }),
    IdempotencyModule,
    RateLimitModule,
    CacheModule,
    AuditModule,
    PaginationModule,
    JobsModule,
    FilesModule,
  ],
  providers: [
    // Tools, in the order in which they are listed.
    DefineCollectionTool,
    ListCollectionsTool,
    CreateRecordTool,
    GetRecordTool,
    ListRecordsTool,
    SearchRecordsTool,
    UpdateRecordTool,
    DeleteRecordTool,
    RestoreRecordTool,
    GetRecordHistoryTool,
    ImportRecordsTool,
    ExportRecordsTool,
    CheckOperationStatusTool,
    CancelOperationTool,
    // Resources and prompts.
    CollectionResource,
    RecordResource,
    ImportRejectionsResource,
    ExportPartResource,
    ExploreCollectionPrompt,
    DesignCollectionPrompt,
    // What outlives a call.
    ImportRecords,
    ExportRecords,
    PurgeFiles,
    StartExport,
    // What they stand on.
    Collections,
    Admissions,
    RecordDesk,
    Imports,
    Exports,
    RecordSearch,
    CollectionSchemas,
    CollectionStore,
    RecordStore,
    RecordHistoryStore,
    ExportStore,
    RecordSearchStore,
  ],
})
@UsesSettings(recordsSettings)
export class RecordsModule {}
