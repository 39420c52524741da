import { Database, type Scope } from '@gantry/postgres';
import { Injectable } from '@nestjs/common';
import { fileBatches, type FileBatch } from './file-batches.ts';
import type { FileFormat } from './file-format.ts';
import type { FilePlace } from './file-place.ts';
import { RejectionStore } from './rejection-store.ts';
import type { Rejection } from './rejection.ts';
import { UploadStore } from './upload-store.ts';
import type { SentFile } from './upload.ts';

/** What an operation does with the file it works on. */
@Injectable()
export class SentFiles {
  constructor(
    private readonly database: Database,
    private readonly uploads: UploadStore,
    private readonly stored: RejectionStore,
  ) {}

  /**
   * Reads a file from a place on, in batches of at most 500 rows, with one part in memory at a time.
   *
   * @param scope - of the run: the file is read in units of work of its own, between those of the checkpoints
   * @throws GantryError `file_header_invalid`
   * @throws Error if a part is missing
   */
  async *batches(
    file: SentFile,
    format: FileFormat,
    from: FilePlace,
    scope: Scope,
  ): AsyncGenerator<FileBatch> {
    let { offset } = from;
    for await (const batch of fileBatches(this.#parts(file.upload_id, offset, scope), format, from)) {
      offset = batch.place.offset;
      yield batch;
    }
    if (offset !== file.length) throw new Error('A part of the file is missing.');
  }

  /** Deletes what has been read for good, in the current unit of work: in that which keeps the place. */
  async dropBefore(file: SentFile, place: FilePlace): Promise<void> {
    await this.uploads.dropPartsBefore(file.upload_id, place.offset);
  }

  /**
   * Notes what an operation did not take of its file, in the current unit of work. Of a file, 10,000 are kept; those
   * beyond are left to be counted.
   */
  async addRejections(operationId: string, rejections: readonly Rejection[]): Promise<void> {
    if (rejections.length > 0) await this.stored.add(operationId, rejections);
  }

  /**
   * What an operation did not take of its file, from a line on; in the current unit of work. Whoever asks must have been
   * found to own the operation.
   */
  async rejections(operationId: string, afterLine: number, limit: number): Promise<Rejection[]> {
    return this.stored.after(operationId, afterLine, limit);
  }

  /** The text from a place on. */
  async *#parts(uploadId: string, from: number, scope: Scope): AsyncGenerator<string> {
    let offset = from;
    for (;;) {
      const part = await this.database.read(scope, () => this.uploads.partAfter(uploadId, offset));
      if (!part) return;
      // Not from its beginning, where a run goes on in the middle of it.
      yield part.content.slice(offset - part.endsAt);
      offset = part.endsAt;
    }
  }
}
