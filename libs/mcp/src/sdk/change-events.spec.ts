import { describe, expect, it } from '@jest/globals';
import type { ServerEvent } from '@modelcontextprotocol/server';
import { setImmediate as turn } from 'node:timers/promises';
import { Writable } from 'node:stream';
import { ChangeEvents, type Interests } from './change-events.ts';

const everything: Interests = { names: ['a', 'b'], list: true, namesOf: (uri) => [uri] };

function quickOutlet() {
  return new Writable({ write: (_chunk, _encoding, done) => done() });
}

/** An outlet whose reader takes what is written when it is told to. */
function slowOutlet() {
  let take = () => {};
  const outlet = new Writable({ highWaterMark: 1, write: (_chunk, _encoding, done) => void (take = done) });
  return { outlet, take: () => take() };
}

function listening(outlet: Writable, interests = everything) {
  const heard: string[] = [];
  const events = new ChangeEvents(outlet, interests);
  const stop = events.subscribe((event: ServerEvent) => {
    heard.push(event.kind === 'resource_updated' ? event.uri : 'list');
    outlet.write('x');
  });
  return { events, heard, stop };
}

const updated = (...uris: string[]) => ({ uris, list: false });

describe('ChangeEvents', () => {
  it('tells once what happens in the same moment', async () => {
    const { events, heard } = listening(quickOutlet());
    events.changed(updated('a', 'b'));
    events.changed({ uris: ['a'], list: true });
    await turn();
    expect(heard).toEqual(['a', 'b', 'list']);
  });

  it('keeps what happened before there was a stream', async () => {
    const events = new ChangeEvents(new Writable(), everything);
    events.changed(updated('a'));
    await turn();
    const heard: ServerEvent[] = [];
    events.subscribe((event) => heard.push(event));
    await turn();
    expect(heard).toEqual([{ kind: 'resource_updated', uri: 'a' }]);
  });

  it('waits for a slow client, and keeps one change of each for it', async () => {
    const { outlet, take } = slowOutlet();
    const { events, heard } = listening(outlet);
    events.changed(updated('a'));
    await turn();
    for (let count = 0; count < 10_000; count++) events.changed(updated('a', 'b'));
    await turn();
    expect(heard).toEqual(['a']);
    take();
    await turn();
    expect(heard).toEqual(['a', 'a', 'b']);
  });

  it('keeps no more than it may for a client whose interests are not known', async () => {
    const { outlet, take } = slowOutlet();
    const { events, heard } = listening(outlet);
    events.changed(updated('first'));
    await turn();
    events.changed(updated(...Array.from({ length: 5_000 }, (_, at) => `uri-${at}`)));
    for (let written = 0; written < 1_001; written++) {
      take();
      await turn();
    }
    expect(heard).toHaveLength(1_001);
  });

  it('lets others have their turn when it has much to tell', async () => {
    const names = Array.from({ length: 250 }, (_, at) => `uri-${at}`);
    const { events, heard } = listening(quickOutlet(), { ...everything, names });
    events.missed();
    const afterEachTurn: number[] = [];
    for (let turns = 0; turns < 4; turns++) {
      await turn();
      afterEachTurn.push(heard.length);
    }
    expect(afterEachTurn).toEqual([100, 200, 251, 251]);
    expect(heard).toEqual([...names, 'list']);
  });

  it('waits in the middle of much for a client that falls behind', async () => {
    const { outlet, take } = slowOutlet();
    const { events, heard } = listening(outlet);
    events.changed(updated(...Array.from({ length: 150 }, (_, at) => `uri-${at}`)));
    for (let turns = 0; turns < 3; turns++) await turn();
    expect(heard).toHaveLength(100);
    for (let written = 0; written < 100; written++) {
      take();
      await turn();
    }
    expect(heard).toHaveLength(150);
  });

  it('falls silent in the middle of much when it is told to', async () => {
    const names = Array.from({ length: 250 }, (_, at) => `uri-${at}`);
    const { events, heard, stop } = listening(quickOutlet(), { ...everything, names });
    events.missed();
    await turn();
    stop();
    await turn();
    expect(heard).toHaveLength(100);
  });

  it('tells all that it knows of when anything may have been missed', async () => {
    const { events, heard } = listening(quickOutlet());
    events.missed();
    await turn();
    expect(heard).toEqual(['a', 'b', 'list']);
  });

  it('tells nothing that nobody asked for', async () => {
    const { events, heard } = listening(new Writable(), { names: [], list: false, namesOf: () => [] });
    events.changed({ uris: ['a'], list: true });
    events.missed();
    events.publish();
    await turn();
    expect(heard).toEqual([]);
  });

  it('falls silent when it is told to, or when the client has gone', async () => {
    const stopped = listening(new Writable());
    stopped.events.changed(updated('a'));
    stopped.stop();
    const outlet = new Writable();
    const gone = listening(outlet);
    gone.events.changed(updated('a'));
    outlet.destroy();
    await turn();
    expect([stopped.heard, gone.heard]).toEqual([[], []]);
  });
});
