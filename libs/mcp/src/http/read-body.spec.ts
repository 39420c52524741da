import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { BodyNotJsonError, readJsonBody } from './read-body.ts';

function read(json: string): Promise<unknown> {
  const req = Object.assign(Readable.from([Buffer.from(json)]), { headers: {} });
  return readJsonBody(req as unknown as IncomingMessage, 1_048_576);
}

describe('readJsonBody', () => {
  it.each([
    '9007199254740993',
    '-9007199254740993',
    '[1,12345678901234567890]',
    '{"a":{"b":9999999999999999}}',
    '[99999999999999999999999999999999999999]',
  ])('refuses %s, which would become another number', async (json) => {
    await expect(read(json)).rejects.toThrow(/cannot be kept exactly/);
  });

  it.each([
    '9007199254740991',
    '-9007199254740991',
    '0.12345678901234567890',
    '123456789012345678.5',
    '1e1234567890123456',
    '1E-1234567890123456',
    '1e+1234567890123456',
    '"9007199254740993"',
    '{"9007199254740993":"\\"9007199254740993"}',
  ])('takes %s', async (json) => {
    expect(await read(json)).toEqual(JSON.parse(json));
  });

  it.each([
    ['keys', `{${'"a":1,'.repeat(25_000)}"a":1}`],
    ['values', `[${'1,'.repeat(100_001)}1]`],
    ['values', `[${'[],'.repeat(60_000)}1]`],
    ['levels', '['.repeat(65)],
  ])('refuses too many %s', async (what, json) => {
    await expect(read(json)).rejects.toThrow(what);
  });

  it('takes whatever else is JSON, as it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.json(), async (json) => {
        fc.pre(!/\d{16}/.test(json));
        expect(await read(json)).toEqual(JSON.parse(json));
      }),
    );
  });

  it('refuses what is no JSON', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), async (text) => {
        fc.pre(!isJson(text));
        await expect(read(text)).rejects.toThrow(BodyNotJsonError);
      }),
    );
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
