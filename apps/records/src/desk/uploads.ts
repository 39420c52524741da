import { Config } from '@gantry/config';
import type { Principal } from '@gantry/pipeline';
import { Injectable } from '@nestjs/common';
import { typeid } from 'typeid-js';
import type { FileFormat, Upload } from '../domain/import.ts';
import {
  collectionNotFound,
  tooManyUploads,
  uploadNotFound,
  uploadPartUnexpected,
  uploadTooLarge,
} from '../domain/refusals.ts';
import { recordsSettings } from '../records.config.ts';
import { CollectionStore } from '../store/collection.store.ts';
import { ImportStore } from '../store/import.store.ts';

/** Files that a sender may have begun and not completed: they take room for a day. */
const MOST_BEGUN = 10;

/** A part of a file, as it comes in. */
export interface FilePart {
  readonly collection: string;
  readonly format: FileFormat;
  /** Of every part but the first. */
  readonly uploadId: string | undefined;
  /** The first is 1. */
  readonly part: number;
  readonly content: string;
}

/** Puts files together from the parts in which they arrive. */
@Injectable()
export class Uploads {
  readonly #maxBytes: number;

  constructor(
    private readonly collections: CollectionStore,
    private readonly imports: ImportStore,
    config: Config,
  ) {
    this.#maxBytes = config.get(recordsSettings).importMaxBytes;
  }

  /** Takes the next part of a file; the first one begins it. */
  async receive(sender: Principal, sent: FilePart): Promise<Upload> {
    const upload = sent.uploadId
      ? await this.#next(sender, sent, sent.uploadId)
      : await this.#begin(sender, sent);
    const { part, content } = sent;
    const received: Upload = {
      ...upload,
      parts: part,
      length: upload.length + content.length,
      bytes: upload.bytes + Buffer.byteLength(content),
      newlines: upload.newlines + content.split('\n').length - 1,
    };
    if (received.bytes > this.#maxBytes) throw uploadTooLarge(this.#maxBytes);
    await this.imports.addPart(upload.id, { part, content, endsAt: received.length }, received);
    return received;
  }

  async #begin(sender: Principal, { collection, format, part }: FilePart): Promise<Upload> {
    if (part !== 1)
      throw uploadPartUnexpected(
        `Part ${part} belongs to no upload.`,
        'Send the upload_id that the first part returned, or begin with part 1.',
      );
    if (!(await this.collections.find(collection))) throw collectionNotFound(collection);
    if ((await this.imports.countBegun(sender, MOST_BEGUN)) >= MOST_BEGUN) throw tooManyUploads(MOST_BEGUN);
    return this.imports.insert(typeid('imp').toString(), sender, collection, format);
  }

  async #next(sender: Principal, { collection, format, part }: FilePart, id: string): Promise<Upload> {
    const upload = await this.imports.lock(id, sender);
    if (!upload) throw uploadNotFound(id);
    const next = upload.parts + 1;
    if (upload.operationId)
      throw uploadPartUnexpected(
        'The file is complete and being imported.',
        `Call check_operation_status with operation_id "${upload.operationId}".`,
      );
    if (upload.collection !== collection || upload.format !== format)
      throw uploadPartUnexpected(
        `The upload is a file of format "${upload.format}" for "${upload.collection}".`,
        'Send the same collection and format with every part.',
        next,
      );
    if (part !== next)
      throw uploadPartUnexpected(
        `The next part is ${next}, not ${part}.`,
        `Parts up to ${upload.parts} have arrived: go on with part ${next}.`,
        next,
      );
    return upload;
  }
}
