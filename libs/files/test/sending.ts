import { Operations, type Caller } from '@gantry/jobs';
import type { Principal } from '@gantry/pipeline';
import { waitFor } from '@gantry/testing';
import { Uploads, type FileFormat, type FilePart, type FileUse, type Upload } from '../src/index.ts';
import { numberRowsOperation } from './number-rows.ts';
import { ANN, type Replica } from './replica.ts';

/** A tool call as far as operations look at it. */
export const CALL = { principal: ANN, tool: { name: 'number_rows' }, requestId: 'req_test' } as Caller;

/** Sends a part, in a unit of work of its own. */
export function receive(
  replica: Replica,
  part: Partial<FilePart>,
  sender: Principal = ANN,
  use: Partial<FileUse> = {},
): Promise<Upload> {
  return replica.write(
    () =>
      replica
        .get(Uploads)
        .receive(
          sender,
          { purpose: 'number_rows', parameters: { format: 'csv' }, ...use },
          { part: 1, content: 'x', ...part },
        ),
    sender.tenant,
  );
}

/** Sends a whole file in these parts. */
export async function send(replica: Replica, parts: readonly string[]): Promise<Upload> {
  let upload: Upload | undefined;
  for (const [index, content] of parts.entries())
    upload = await receive(replica, { upload_id: upload?.id, part: index + 1, content });
  return upload!;
}

/** Starts the operation on it. */
export function start(replica: Replica, upload: Upload, format: FileFormat = 'csv') {
  return replica.write(() =>
    replica.get(Uploads).start(CALL, upload, numberRowsOperation, (file) => ({ file, format })),
  );
}

/** Waits for the end of an operation. */
export function finished(replica: Replica, operationId: string) {
  return waitFor(async () => {
    const view = await replica.database.read(ANN, () => replica.get(Operations).status(CALL, operationId));
    return view.poll_after_seconds === undefined ? view : undefined;
  }, 30_000);
}
