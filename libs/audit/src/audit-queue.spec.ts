import { beforeEach, describe, expect, it } from '@jest/globals';
import type { AuditEntry } from './audit-entry.ts';
import { AuditQueue } from './audit-queue.ts';

let clock = 0;

function entry(effect: 'read' | 'create', outcome = 'ok'): AuditEntry {
  const at = new Date(clock++).toISOString();
  return { at, effect, outcome } as AuditEntry;
}

describe('AuditQueue', () => {
  let queue: AuditQueue;
  beforeEach(() => {
    clock = 0;
    queue = new AuditQueue(3);
  });

  it('hands out in the order in which calls began, up to a count', () => {
    const entries = [entry('read'), entry('create'), entry('read')];
    for (const each of entries.toReversed()) expect(queue.add(each)).toBeUndefined();
    expect(queue.take(10)).toEqual(entries);
    expect(queue.take(10)).toEqual([]);
  });

  it('drops the oldest read, and others only when there is none', () => {
    const read = entry('read');
    const refusedRead = entry('read', 'permission_denied');
    const replay = entry('create');
    for (const each of [refusedRead, read, replay]) queue.add(each);
    const later = entry('read');
    expect(queue.add(later)).toBe(read);
    expect(queue.add(entry('create'))).toBe(later);
    expect(queue.add(entry('create'))).toBe(refusedRead);
    expect(queue.add(entry('create'))).toBe(replay);
    expect(queue.length).toBe(3);
  });

  it('counts what is being written: a crash would lose it as well', () => {
    for (let count = 0; count < 3; count++) queue.add(entry('read'));
    const taken = queue.take(2);
    expect([queue.waiting, queue.length]).toEqual([1, 3]);
    expect(queue.add(entry('read'))).toBeDefined();
    queue.done(taken);
    expect([queue.waiting, queue.length]).toEqual([1, 1]);
  });

  it('takes back what could not be written, as the oldest', () => {
    const entries = [entry('read'), entry('create', 'timeout'), entry('read')];
    for (const each of entries) queue.add(each);
    queue.giveBack(queue.take(2));
    expect(queue.length).toBe(3);
    expect(queue.add(entry('create'))).toBe(entries[0]);
    expect(queue.take(1)).toEqual([entries[1]]);
  });
});
