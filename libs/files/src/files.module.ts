import { UsesSettings } from '@gantry/config';
import { Global, Module } from '@nestjs/common';
import { PurgeUploads } from './purge-uploads.ts';
import { RejectionPages } from './rejection-pages.ts';
import { RejectionStore } from './rejection-store.ts';
import { SentFiles } from './sent-files.ts';
import { filesSettings } from './settings.ts';
import { UploadStore } from './upload-store.ts';
import { Uploads } from './uploads.ts';

/**
 * Files that tools take in parts and operations work on. Global. Needs {@link filesMigrations} to be applied, and the
 * modules of Postgres and of jobs.
 */
@Global()
@UsesSettings(filesSettings)
@Module({
  providers: [Uploads, SentFiles, RejectionPages, UploadStore, RejectionStore, PurgeUploads],
  exports: [Uploads, SentFiles, RejectionPages],
})
export class FilesModule {}
