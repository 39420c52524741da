import { businessError, type GantryError } from '@gantry/errors';

/** No such upload, or somebody else's, or another tool's, or one that was left lying too long. */
export function uploadNotFound(id: string): GantryError {
  return businessError(
    'upload_not_found',
    `There is no upload ${id}.`,
    'Send the file again from its first part, without upload_id.',
  );
}

/** An upload cannot go on with this part. */
export function uploadPartUnexpected(message: string, hint: string, nextPart?: number): GantryError {
  return businessError('upload_part_unexpected', message, hint, {
    ...(nextPart !== undefined && { details: { next_part: nextPart } }),
  });
}

/** A sender has begun too many files. */
export function tooManyUploads(most: number): GantryError {
  return businessError(
    'too_many_uploads',
    `${most} files of yours have been begun and not been completed.`,
    'Complete one of them with a part that has last true, or wait: an upload is forgotten a day after its latest part.',
    { details: { most_uploads: most } },
  );
}

/** A file is larger than this service takes. */
export function uploadTooLarge(maxBytes: number): GantryError {
  return businessError(
    'upload_too_large',
    `The file would have more than ${maxBytes} bytes.`,
    'Split it into several files at the end of a line and send them one after the other.',
    { details: { max_bytes: maxBytes } },
  );
}
