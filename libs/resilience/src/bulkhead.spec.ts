import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { settle } from '../test/fixtures.ts';
import { Bulkhead, type Leave } from './bulkhead.ts';

const never = new AbortController().signal;

describe('Bulkhead', () => {
  it('lets waiters in one by one, in the order they came', async () => {
    const bulkhead = new Bulkhead('payments', { concurrent: 1, queued: 3 });
    const events: string[] = [];
    const visit = async (name: string) => {
      const leave = await bulkhead.enter(never);
      events.push(`${name} in`);
      await settle();
      events.push(`${name} out`);
      leave();
    };
    await Promise.all(['a', 'b', 'c'].map(visit));
    expect(events).toEqual(['a in', 'a out', 'b in', 'b out', 'c in', 'c out']);
    expect(bulkhead).toMatchObject({ inUse: 0, queued: 0 });
  });

  it('refuses at once what finds no place to run and none to wait', async () => {
    const bulkhead = new Bulkhead('payments', { concurrent: 1, queued: 1 });
    const leave = await bulkhead.enter(never);
    const waiting = bulkhead.enter(never);
    await expect(bulkhead.enter(never)).rejects.toMatchObject({
      code: 'dependency_unavailable',
      reason: 'bulkhead_full',
      retryable: true,
      retryAfterSeconds: 1,
    });
    leave();
    await waiting;
  });

  it('gives a freed place to who waits, not to who comes at that moment', async () => {
    const bulkhead = new Bulkhead('payments', { concurrent: 1, queued: 1 });
    const leave = await bulkhead.enter(never);
    const waiting = bulkhead.enter(never);
    leave();
    const newcomer = bulkhead.enter(never);
    (await waiting)();
    await newcomer;
  });

  it('forgets a waiter whose call has ended, so that its place in the queue is free', async () => {
    const bulkhead = new Bulkhead('payments', { concurrent: 1, queued: 1 });
    const leave = await bulkhead.enter(never);
    const ending = new AbortController();
    const waiting = bulkhead.enter(ending.signal);
    ending.abort(new Error('the caller has gone'));
    await expect(waiting).rejects.toThrow('the caller has gone');
    const next = bulkhead.enter(never);
    leave();
    await next;
    await expect(bulkhead.enter(ending.signal)).rejects.toThrow('the caller has gone');
    expect(bulkhead).toMatchObject({ inUse: 1, queued: 0 });
  });

  it('never has more inside or waiting than it may, loses no place, and lets everybody in who did not give up', async () => {
    const events = fc.array(fc.constantFrom('enter', 'leave', 'abort'), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(
        events,
        fc.integer({ min: 1, max: 4 }),
        fc.nat(4),
        async (sequence, concurrent, queued) => {
          const bulkhead = new Bulkhead('payments', { concurrent, queued });
          const inside: Leave[] = [];
          const callers: AbortController[] = [];
          let refusedTooEarly = 0;
          for (const event of sequence) {
            if (event === 'leave') inside.shift()?.();
            if (event === 'abort') callers.pop()?.abort(new Error('gone'));
            if (event === 'enter') {
              const caller = new AbortController();
              callers.push(caller);
              const isFull = bulkhead.inUse === concurrent && bulkhead.queued === queued;
              bulkhead.enter(caller.signal).then(
                (leave) => inside.push(leave),
                () => (refusedTooEarly += Number(!isFull && !caller.signal.aborted)),
              );
            }
            await Promise.resolve();
            expect(bulkhead.inUse).toBeLessThanOrEqual(concurrent);
            expect(bulkhead.queued).toBeLessThanOrEqual(queued);
            expect(inside.length).toBeLessThanOrEqual(concurrent);
            if (bulkhead.queued > 0) expect(bulkhead.inUse).toBe(concurrent);
          }
          await settle();
          for (let leave = inside.shift(); leave; leave = inside.shift()) {
            leave();
            await settle();
          }
          expect(bulkhead).toMatchObject({ inUse: 0, queued: 0 });
          expect(refusedTooEarly).toBe(0);
        },
      ),
    );
  });
});
