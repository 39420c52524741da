import { auditMigrations, AuditModule } from '@gantry/audit';
import { AuthModule } from '@gantry/auth';
import { UsesSettings } from '@gantry/config';
import { IdempotencyModule, idempotencyMigrations } from '@gantry/idempotency';
import { PaginationModule } from '@gantry/pagination';
import { PostgresModule, type MigrationSource } from '@gantry/postgres';
import { RateLimitModule } from '@gantry/rate-limit';
import { Module } from '@nestjs/common';
import { Collections } from './desk/collections.ts';
import { RecordDesk } from './desk/record-desk.ts';
import { recordsSettings } from './records.config.ts';
import { CollectionSchemas } from './schema/collection-schemas.ts';
import { CollectionStore } from './store/collection.store.ts';
import { RecordHistoryStore } from './store/record-history.store.ts';
import { RecordStore } from './store/record.store.ts';
import { CreateRecordTool } from './tools/create-record.tool.ts';
import { DefineCollectionTool } from './tools/define-collection.tool.ts';
import { DeleteRecordTool } from './tools/delete-record.tool.ts';
import { GetRecordHistoryTool } from './tools/get-record-history.tool.ts';
import { GetRecordTool } from './tools/get-record.tool.ts';
import { ListCollectionsTool } from './tools/list-collections.tool.ts';
import { ListRecordsTool } from './tools/list-records.tool.ts';
import { RestoreRecordTool } from './tools/restore-record.tool.ts';
import { UpdateRecordTool } from './tools/update-record.tool.ts';

/** All tables of the service, those of the libraries it uses first. */
export const migrations: readonly MigrationSource[] = [
  idempotencyMigrations,
  auditMigrations,
  { name: 'records', directory: new URL('../migrations/', import.meta.url) },
];

/** The records service: what it is made of, at a glance. */
@Module({
  imports: [
    PostgresModule.forRoot({ migrations }),
    AuthModule.forRoot({ scopesSupported: ['records:read', 'records:write', 'records:admin'] }),
    IdempotencyModule,
    RateLimitModule,
    AuditModule,
    PaginationModule,
  ],
  providers: [
    // Tools, in the order in which they are listed.
    DefineCollectionTool,
    ListCollectionsTool,
    CreateRecordTool,
    GetRecordTool,
    ListRecordsTool,
    UpdateRecordTool,
    DeleteRecordTool,
    RestoreRecordTool,
    GetRecordHistoryTool,
    // What they stand on.
    Collections,
    RecordDesk,
    CollectionSchemas,
    CollectionStore,
    RecordStore,
    RecordHistoryStore,
  ],
})
@UsesSettings(recordsSettings)
export class RecordsModule {}
