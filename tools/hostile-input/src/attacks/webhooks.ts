import { signature } from '@gantry/psp-simulator';
import { NUMBER_TEXTS } from '../fuzz/hostile-values.ts';
import type { Trial } from '../session.ts';
import { hasStatus, type Arena, type Attack } from './attack.ts';

const PATH = '/webhooks/stripe';

/** News that a provider has never sent, or long ago, or that are none. */
export const forgedWebhooks: Attack = {
  name: 'forged webhooks',
  services: ['payments'],
  run: (arena) => arena.session.sendAll(trials(arena)),
};

function* trials({ session, plants }: Arena): Generator<Trial> {
  const secret = session.service.secrets.get('webhook secret')!;
  const now = Math.floor(Date.now() / 1_000);
  const send = (what: string, body: string | Uint8Array, signed: string | undefined): Trial[0] => ({
    family: forgedWebhooks.name,
    what,
    path: PATH,
    headers: [
      ['content-type', 'application/json'],
      ...(signed === undefined ? [] : [['stripe-signature', signed] as const]),
    ],
    body,
  });
  const [victims = ''] = plants.foreign['payment_id'] ?? [];
  const event = (data: object) =>
    JSON.stringify({
      id: `evt_${Math.random()}`,
      object: 'event',
      type: 'payment_intent.succeeded',
      created: now,
      data,
    });
  const intent = {
    object: { id: 'pi_none', object: 'payment_intent', metadata: { payment_id: victims, tenant: 'globex' } },
  };
  const body = event(intent);
  const no = hasStatus(400);
  for (const [what, signed] of Object.entries({
    'no signature': undefined,
    empty: '',
    'no number': 't=x,v1=y',
    'an older scheme': `t=${now},v0=${'0'.repeat(64)}`,
    'another secret': signature(body, 'whsec_of_somebody_else', now),
    'another body': signature(`${body} `, secret, now),
    'an hour ago': signature(body, secret, now - 3_600),
    'many of them': Array.from({ length: 100 }, () => `v1=${'0'.repeat(64)}`).join(),
    'no hexadecimal': `t=${now},v1=${'z'.repeat(64)}`,
  }))
    yield [send(what, body, signed), no];
  // Properly signed, as if the provider itself were hostile: nothing that it says may be believed or break anything.
  const texts = [
    body,
    '',
    'null',
    '[]',
    '{}',
    '"text"',
    '{"__proto__":{"polluted":1}}',
    event({}),
    event({ object: null }),
    event({ object: [] }),
    event({ object: { id: "'; DROP TABLE victims; --", metadata: [] } }),
    event({ object: { ...intent.object, metadata: { payment_id: 'x'.repeat(100_000), tenant: '\0' } } }),
    ...NUMBER_TEXTS.map((text) => body.replace(String(now), text)),
    body.slice(0, -5),
    `${'['.repeat(50_000)}${']'.repeat(50_000)}`,
  ];
  for (const text of texts) yield [send(`signed: ${text.slice(0, 30)}`, text, signature(text, secret, now))];
}
