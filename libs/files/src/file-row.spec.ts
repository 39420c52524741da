import { describe, expect, it } from '@jest/globals';
import type { FileFormat } from './file-format.ts';
import { nextRow, type FileRow } from './file-row.ts';
import { FileText, MAX_RECORD_LENGTH } from './file-text.ts';

/** All rows of a file that arrives in parts. */
function rowsOf(format: FileFormat, ...parts: string[]): { rows: FileRow[]; text: FileText } {
  const text = new FileText({ offset: 0, line: 1 });
  const rows: FileRow[] = [];
  const read = () => {
    for (let row = nextRow(text, format); row; row = nextRow(text, format)) rows.push(row);
  };
  for (const part of parts) {
    text.append(part);
    read();
  }
  text.end();
  read();
  return { rows, text };
}

describe('rows of NDJSON', () => {
  it('are lines, blank ones counted but passed over', () => {
    const { rows, text } = rowsOf('ndjson', '\uFEFF{"a":1}\r\n\n  \n[2]\nnull');
    expect(rows).toEqual([
      { line: 1, value: { a: 1 } },
      { line: 4, value: [2] },
      { line: 5, value: null },
    ]);
    expect(text.place).toEqual({ offset: 22, line: 6 });
  });

  it('are told from what is no JSON', () => {
    expect(rowsOf('ndjson', '{"a":1}\n{"a":\n{}').rows).toEqual([
      { line: 1, value: { a: 1 } },
      { line: 2, flaw: expect.stringMatching(/^is not JSON: /) },
      { line: 3, value: {} },
    ]);
  });

  it('are not kept in memory if they are too long', () => {
    const { rows, text } = rowsOf('ndjson', ...Array<string>(5).fill('x'.repeat(300_000)), 'x\n{}\n', '');
    expect(rows).toEqual([
      { line: 1, flaw: `is longer than ${MAX_RECORD_LENGTH} characters` },
      { line: 2, value: {} },
    ]);
    expect(text.place).toEqual({ offset: 1_500_005, line: 3 });
  });

  it('are also too long at the end of the file, or in one part', () => {
    const long = 'x'.repeat(MAX_RECORD_LENGTH + 1);
    const flaw = expect.stringContaining('longer');
    expect(rowsOf('ndjson', '1\n', long).rows).toEqual([
      { line: 1, value: 1 },
      { line: 2, flaw },
    ]);
    expect(rowsOf('ndjson', `1\n${long}\n3`).rows).toEqual([
      { line: 1, value: 1 },
      { line: 2, flaw },
      { line: 3, value: 3 },
    ]);
  });
});

describe('rows of CSV', () => {
  it('are cells; quotes tell the empty text from nothing', () => {
    expect(rowsOf('csv', 'a,"",,"x ""y"", z", b\r\n').rows).toEqual([
      { line: 1, cells: ['a', '', null, 'x "y", z', ' b'] },
    ]);
  });

  it('span lines inside quotes', () => {
    const { rows, text } = rowsOf('csv', 'a,"1\r\n2\n\n"\n\nb,"3"', '"\n4"');
    expect(rows).toEqual([
      { line: 1, cells: ['a', '1\r\n2\n\n'] },
      { line: 6, cells: ['b', '3"\n4'] },
    ]);
    expect(text.place).toEqual({ offset: 21, line: 8 });
  });

  it.each([
    ['opens a quote', 'a,"b\nc,d\n'],
    ['has text after a closing quote', 'a,"b"c\nc,d\n'],
    ['has a quote inside', 'a,5" pipe\nc,d\n'],
    ['has a quote inside', 'a,5" pipe\nc,d\n6" pipe\nc,d'],
  ])('that %s are given up alone', (flaw, file) => {
    const { rows } = rowsOf('csv', file);
    expect(rows[0]).toEqual({ line: 1, flaw: expect.stringContaining(flaw) });
    expect(rows[1]).toEqual({ line: 2, cells: ['c', 'd'] });
    expect(rows.at(-1)).toEqual({ line: rows.length, cells: ['c', 'd'] });
  });

  it('do not wait for the end of a quote for ever', () => {
    const line = `c,${'d'.repeat(997)}\n`;
    const { rows } = rowsOf('csv', 'a,"b\n', ...Array<string>(9).fill(line.repeat(200)));
    expect(rows[0]).toEqual({ line: 1, flaw: expect.stringContaining('never closed') });
    expect(rows).toHaveLength(1_801);
    expect(rows.at(-1)).toEqual({ line: 1_801, cells: ['c', 'd'.repeat(997)] });
  });
});

describe('a file cut anywhere', () => {
  const file = '\uFEFFä,"b\n""ü"""\r\n\n"😀",\n{"a":"ß"}\nx"y\nlast,"';
  it.each<FileFormat>(['ndjson', 'csv'])('has the same rows of %s', (format) => {
    const whole = rowsOf(format, file);
    for (let cut = 1; cut < file.length; cut++) {
      if (!file.slice(0, cut).isWellFormed()) continue;
      const { rows, text } = rowsOf(format, file.slice(0, cut), file.slice(cut));
      expect(rows).toEqual(whole.rows);
      expect(text.place).toEqual({ offset: file.length, line: whole.text.place.line });
    }
    expect(rowsOf(format, ...file).rows).toEqual(whole.rows);
  });
});
