import { Config } from '@gantry/config';
import { Operations, type Caller, type OperationContract, type OperationView } from '@gantry/jobs';
import type { Principal } from '@gantry/pipeline';
import { Injectable } from '@nestjs/common';
import { typeid } from 'typeid-js';
import type { z } from 'zod';
import { tooManyUploads, uploadNotFound, uploadPartUnexpected, uploadTooLarge } from './refusals.ts';
import { filesSettings } from './settings.ts';
import { UploadStore, type StoredUpload } from './upload-store.ts';
import type { SentFile, Upload } from './upload.ts';

/** Files that a sender may have begun and not completed: they take room for a day. */
const MOST_BEGUN = 10;

/** What a file is sent for. */
export interface FileUse {
  /** Name of the tool that takes it: no other tool can add to it. */
  readonly purpose: string;
  /** What else the tool is told of the file; every part must be sent with the same. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Refuses a file before its first part is taken, for what the parameters name, for example. */
  readonly begins?: () => Promise<void>;
}

/** A part of a file, as it comes in: the arguments of {@link fileInput}. */
export interface FilePart {
  /** Of every part but the first. */
  readonly upload_id?: string | undefined;
  /** The first is 1. */
  readonly part: number;
  readonly content: string;
}

/** Puts files together from the parts in which they arrive, in the current unit of work. */
@Injectable()
export class Uploads {
  readonly #maxBytes: number;

  constructor(
    private readonly store: UploadStore,
    private readonly operations: Operations,
    config: Config,
  ) {
    this.#maxBytes = config.get(filesSettings).uploadMaxBytes;
  }

  /**
   * Takes the next part of a file; the first one begins it.
   *
   * @throws GantryError one of {@link FILE_ERRORS}, or what `of.begins` throws
   */
  async receive(sender: Principal, of: FileUse, { upload_id, part, content }: FilePart): Promise<Upload> {
    const { newlines, ...upload } = upload_id
      ? await this.#next(sender, of, upload_id, part)
      : await this.#begin(sender, of, part);
    const received = {
      ...upload,
      parts: part,
      length: upload.length + content.length,
      bytes: upload.bytes + Buffer.byteLength(content),
    };
    if (received.bytes > this.#maxBytes) throw uploadTooLarge(this.#maxBytes);
    const ended = newlines + content.split('\n').length - 1;
    await this.store.addPart({ part, content, endsAt: received.length }, { ...received, newlines: ended });
    return { ...received, lines: content.endsWith('\n') ? ended : ended + 1 };
  }

  /**
   * After the last part: starts an operation on the file and keeps the file for as long as the operation can be asked
   * for. Parts that come later are refused.
   *
   * @param inputOf - makes the operation's input, of which {@link sentFile} is a part
   */
  async start<Input extends z.ZodType>(
    call: Caller,
    { id, length, lines }: Upload,
    operation: OperationContract<Input>,
    inputOf: (file: SentFile) => z.input<Input>,
  ): Promise<OperationView> {
    const view = await this.operations.start(call, operation, inputOf({ upload_id: id, length, lines }));
    await this.store.bind(id, view.operation_id, this.operations.keptUntil(view));
    return view;
  }

  async #begin(
    sender: Principal,
    { purpose, parameters, begins }: FileUse,
    part: number,
  ): Promise<StoredUpload> {
    if (part !== 1)
      throw uploadPartUnexpected(
        `Part ${part} belongs to no upload.`,
        'Send the upload_id that the first part returned, or begin with part 1.',
      );
    await begins?.();
    if ((await this.store.countBegun(sender, MOST_BEGUN)) >= MOST_BEGUN) throw tooManyUploads(MOST_BEGUN);
    return this.store.insert({ id: typeid('upl').toString(), purpose, parameters }, sender);
  }

  async #next(
    sender: Principal,
    { purpose, parameters }: FileUse,
    id: string,
    part: number,
  ): Promise<StoredUpload> {
    const upload = await this.store.lock(id, purpose, sender);
    if (!upload) throw uploadNotFound(id);
    const next = upload.parts + 1;
    if (upload.operationId)
      throw uploadPartUnexpected(
        'The file is complete and being worked on.',
        `Call check_operation_status with operation_id "${upload.operationId}".`,
      );
    const other = Object.keys(parameters).find((name) => parameters[name] !== upload.parameters[name]);
    if (other !== undefined)
      throw uploadPartUnexpected(
        `The upload was begun with ${other} "${upload.parameters[other]}".`,
        `Send the same ${Object.keys(parameters).join(' and ')} with every part.`,
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
