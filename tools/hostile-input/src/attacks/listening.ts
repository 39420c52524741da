import type { Trial } from '../session.ts';
import type { Arena, Attack } from './attack.ts';

const STREAMS = 60;
const OPEN_MS = 1_000;

/** Streams that stay open: too many of them, and for too much. */
export const listening: Attack = {
  name: 'listening',
  async run({ session }) {
    await Promise.all(
      Array.from({ length: STREAMS }, (_, index) =>
        session.send(
          listen({ session }, `stream ${index} of ${STREAMS}`, { resourcesListChanged: true }, OPEN_MS),
        ),
      ),
    );
    await session.sendAll(filters({ session }));
  },
};

function* filters({ session }: Pick<Arena, 'session'>): Generator<Trial> {
  const uris = (count: number, length: number) =>
    Array.from({ length: count }, (_, index) => `config://${index}${'x'.repeat(length)}`);
  for (const [what, notifications] of Object.entries<unknown>({
    'a thousand URIs': { resourceSubscriptions: uris(1_000, 10) },
    'too many URIs': { resourceSubscriptions: uris(10_000, 10) },
    'long URIs': { resourceSubscriptions: uris(10, 90_000) },
    'the same URI often': {
      resourceSubscriptions: Array.from({ length: 1_000 }, () => 'config://server-settings'),
    },
    'no URIs': { resourceSubscriptions: [null, 1, {}, []] },
    'no list': { resourceSubscriptions: 'config://server-settings' },
    nothing: null,
    'prototype names': { resourceSubscriptions: ['__proto__', 'constructor'], constructor: true },
  }))
    yield [listen({ session }, what, notifications, 200)];
}

function listen(
  { session }: Pick<Arena, 'session'>,
  what: string,
  notifications: unknown,
  endAfterMs: number,
) {
  return session.request(
    'subscriptions/listen',
    { notifications },
    { family: listening.name, what, endAfterMs },
  );
}
