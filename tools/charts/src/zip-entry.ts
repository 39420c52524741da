import { inflateRawSync } from 'node:zlib';

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const DEFLATED = 8;

/** Sizes of the fixed parts of the records. */
const END_BYTES = 22;
const ENTRY_BYTES = 46;
const LOCAL_HEADER_BYTES = 30;

/** One file of a zip archive; bare machines have no `unzip`. Enough for archives without Zip64. */
export function zipEntry(archive: Buffer, name: string): Buffer {
  for (const entry of directory(archive)) if (entry.name === name) return content(archive, entry);
  throw new Error(`There is no ${name} in the archive.`);
}

interface Entry {
  readonly name: string;
  readonly method: number;
  readonly compressedBytes: number;
  /** Of the local header, behind which the content is. */
  readonly offset: number;
}

function* directory(archive: Buffer): Generator<Entry> {
  const end = endOfDirectory(archive);
  const count = archive.readUInt16LE(end + 10);
  let at = archive.readUInt32LE(end + 16);
  for (let index = 0; index < count; index += 1) {
    if (archive.readUInt32LE(at) !== DIRECTORY_ENTRY)
      throw new Error('The directory of the archive is damaged.');
    const nameBytes = archive.readUInt16LE(at + 28);
    yield {
      name: archive.toString('utf8', at + ENTRY_BYTES, at + ENTRY_BYTES + nameBytes),
      method: archive.readUInt16LE(at + 10),
      compressedBytes: archive.readUInt32LE(at + 20),
      offset: archive.readUInt32LE(at + 42),
    };
    at += ENTRY_BYTES + nameBytes + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
}

/** It stands at the end, before a comment of unknown length. */
function endOfDirectory(archive: Buffer): number {
  for (let at = archive.length - END_BYTES; at >= 0; at -= 1)
    if (archive.readUInt32LE(at) === END_OF_DIRECTORY) return at;
  throw new Error('This is not a zip archive.');
}

/** The lengths of name and extra field are those of the local header, which may differ from the directory's. */
function content(archive: Buffer, { method, compressedBytes, offset }: Entry): Buffer {
  const start =
    offset + LOCAL_HEADER_BYTES + archive.readUInt16LE(offset + 26) + archive.readUInt16LE(offset + 28);
  const bytes = archive.subarray(start, start + compressedBytes);
  return method === DEFLATED ? inflateRawSync(bytes) : bytes;
}
