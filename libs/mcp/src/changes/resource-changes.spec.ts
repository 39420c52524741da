import { describe, expect, it } from '@jest/globals';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { Resources } from '../catalogue/resources.ts';
import { ChangeFeed, type Change } from './change-feed.ts';
import type { ChangeRelay } from './change-relay.ts';
import { ResourceChanges } from './resource-changes.ts';

/** Of a service that has neither cache nor database. */
function changes() {
  const told: Omit<Change, 'tenant'>[] = [];
  const sent: Change[] = [];
  const feed = new ChangeFeed();
  feed.listen('acme', { changed: (change) => told.push(change), missed: () => {} });
  const resources = new Resources(new Map(), undefined);
  resources.addTemplate(
    {
      uriTemplate: 'a://b/{c}',
      name: 'c',
      title: 'C',
      description: '',
      mimeType: 'text/plain',
      scopes: [],
      ttlMs: 0,
    },
    { read: () => Promise.resolve('') },
  );
  const relay = { send: (change: Change) => sent.push(change) } as unknown as ChangeRelay;
  return { told, sent, changes: new ResourceChanges({ resources } as Catalogue, feed, relay) };
}

describe('ResourceChanges without a database', () => {
  it('tells at once, here and elsewhere, by the one name of each resource', async () => {
    const { told, sent, changes: some } = changes();
    await some.updated('acme', ['a://b/%63', 'a://b/c', 'x://unknown']);
    expect(told).toEqual([{ uris: ['a://b/c', 'x://unknown'], list: false }]);
    expect(sent).toEqual([{ tenant: 'acme', uris: ['a://b/c', 'x://unknown'], list: false }]);
    some.listChanged('acme');
    expect(sent[1]).toEqual({ tenant: 'acme', uris: [], list: true });
  });

  it('tells the other replicas of many resources in messages of bounded size', async () => {
    const { sent, changes: some } = changes();
    const uris = Array.from({ length: 1_200 }, (_, at) => `a://b/${at}`);
    await some.updated('acme', uris);
    expect(sent.map((change) => change.uris.length)).toEqual([500, 500, 200]);
    expect(sent.flatMap((change) => change.uris)).toEqual(uris);
  });
});
