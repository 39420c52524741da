import {
  createTestDatabase,
  sendRaw,
  startIssuer,
  type TestDatabase,
  type TestIssuer,
} from '@gantry/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { migrateNotes, startReplica, tokenFor, type Replica } from './notes-service.ts';

let database: TestDatabase;
let issuer: TestIssuer;
let notes: Replica;
let token: string;

beforeAll(async () => {
  database = await createTestDatabase();
  await migrateNotes(database.ownerUrl);
  issuer = await startIssuer();
  notes = await startReplica(database.serviceUrl, issuer);
  token = await tokenFor(issuer);
});
afterAll(async () => {
  await notes.close();
  await issuer.close();
  await database.drop();
});

describe('parameters that are not as the method wants them', () => {
  const older = (method: string, params: unknown) => ({
    headers: { 'mcp-protocol-version': '2025-11-25', 'mcp-method': undefined },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['prompts/get', { name: 'review_note', arguments: { id: null } }, 'arguments.id'],
    ['prompts/get', { name: 'review_note', arguments: [] }, 'arguments'],
    ['completion/complete', { argument: { name: 'a', value: 'b' } }, 'ref'],
    ['completion/complete', { ref: { type: 'ref/prompt', name: 'x' }, argument: 1 }, 'argument'],
  ])('are an error of the caller: %s %j', async (method, params, path) => {
    for (const request of [{ method, params }, older(method, params)]) {
      // Older clients are answered in an event stream.
      const { text } = await sendRaw(notes.url, token, request);
      expect(text).toContain('"code":-32602');
      expect(text).toContain(`Invalid params for ${method}: params.${path}`);
    }
  });

  it('are one in the first message of older clients, too', async () => {
    const { text } = await sendRaw(notes.url, token, older('initialize', undefined));
    expect(text).toContain('"code":-32602');
  });
});
