import { describe, expect, it } from '@jest/globals';
import { deflateRawSync } from 'node:zlib';
import { zipEntry } from './zip-entry.ts';

const TEXT = Buffer.from('what is in the file '.repeat(20));

describe('zipEntry', () => {
  const archive = zip([
    { name: 'folder/', content: Buffer.alloc(0), isDeflated: false },
    { name: 'folder/stored', content: TEXT, isDeflated: false },
    { name: 'folder/deflated', content: TEXT, isDeflated: true },
  ]);

  it.each(['folder/stored', 'folder/deflated'])('reads %s', (name) => {
    expect(zipEntry(archive, name)).toEqual(TEXT);
  });

  it('finds the directory before a comment', () => {
    expect(zipEntry(Buffer.concat([archive, Buffer.from('a comment')]), 'folder/stored')).toEqual(TEXT);
  });

  it('says what is wrong', () => {
    expect(() => zipEntry(archive, 'other')).toThrow('There is no other in the archive.');
    expect(() => zipEntry(TEXT, 'folder/stored')).toThrow('This is not a zip archive.');
    const damaged = Buffer.from(archive);
    damaged.writeUInt32LE(0, damaged.readUInt32LE(damaged.length - 6));
    expect(() => zipEntry(damaged, 'folder/stored')).toThrow('damaged');
  });
});

interface File {
  readonly name: string;
  readonly content: Buffer;
  readonly isDeflated: boolean;
}

/** An archive whose local headers have an extra field that its directory has not, as real ones do. */
function zip(files: readonly File[]): Buffer {
  const locals: Buffer[] = [];
  const entries: Buffer[] = [];
  let offset = 0;
  for (const { name, content, isDeflated } of files) {
    const bytes = isDeflated ? deflateRawSync(content) : content;
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(name.length, 26);
    local.writeUInt16LE(4, 28);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(isDeflated ? 8 : 0, 10);
    entry.writeUInt32LE(bytes.length, 20);
    entry.writeUInt32LE(content.length, 24);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(offset, 42);
    entries.push(entry, Buffer.from(name));
    locals.push(local, Buffer.from(name), Buffer.alloc(4), bytes);
    offset += local.length + name.length + 4 + bytes.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, ...entries, end]);
}
