import { isDeepStrictEqual } from 'node:util';
import { outputOf, responseOf } from '../judge/rpc.ts';
import { key, type KeyedCall } from '../plants/plant.ts';
import type { Check } from '../session.ts';
import type { Answer } from '../wire/input.ts';
import { refused, type Arena, type Attack } from './attack.ts';

const FAMILY = 'idempotency keys';

/** Keys of others, which are nobody's business, and one's own for something else, or many times at once. */
export const idempotencyKeys: Attack = {
  name: FAMILY,
  async run(arena) {
    const { session, plants } = arena;
    for (const { tool, args, output } of plants.keyed) {
      await session.send(
        session.call(tool, args, { family: FAMILY, what: `${tool}, another's key` }),
        notAReplay(output),
      );
      const others = { ...args, ...different(tool, args) };
      await session.send(
        session.call(tool, others, { family: FAMILY, what: `${tool}, another's key, other arguments` }),
      );
      await own(arena, tool, args);
    }
    for (const value of [
      '',
      'short',
      'x'.repeat(201),
      'tab\tin key',
      '\0'.repeat(8),
      '😀'.repeat(201),
      null,
      12345678,
      ['key-12345678'],
    ]) {
      const [{ tool, args }] = plants.keyed as [KeyedCall];
      const bad = { ...args, idempotency_key: value };
      await session.send(
        session.call(tool, bad, { family: FAMILY, what: `the key ${JSON.stringify(value)?.slice(0, 20)}` }),
        refused('validation_error', 'idempotency_key_required'),
      );
    }
  },
};

/** With the attacker's own things in it. */
async function own(arena: Arena, tool: string, planted: Readonly<Record<string, unknown>>): Promise<void> {
  const { session } = arena;
  const { vocabulary } = session.subject;
  const mine = Object.entries(planted).map(([name, value]): [string, unknown] => [
    name,
    vocabulary[name]?.[0] ?? value,
  ]);
  const args = { ...Object.fromEntries(mine), idempotency_key: key() };
  const once: Answer[] = await Promise.all(
    Array.from({ length: 10 }, () =>
      session.send(session.call(tool, args, { family: FAMILY, what: `${tool}, ten at once` })),
    ),
  );
  const outputs = once.map(outputOf).filter((output) => output !== undefined);
  if (outputs.some((output) => !isDeepStrictEqual(output, outputs[0])))
    session.score.find('wrong', `${tool} has had several effects under one key`, undefined, FAMILY);
  const first = outputs[0];
  // Only what was done is kept for the key.
  if (!first) return;
  const other = { ...args, ...different(tool, args) };
  await session.send(
    session.call(tool, other, { family: FAMILY, what: `${tool}, own key, other arguments` }),
    refused('idempotency_conflict'),
  );
}

function different(tool: string, args: Readonly<Record<string, unknown>>): object {
  if (tool === 'create_record') return { document: { name: 'something else' } };
  return { reference: `${String(args['reference'])} else` };
}

/** What another got must not come back; with the same arguments something of one's own may. */
function notAReplay(theirs: Readonly<Record<string, unknown>>): Check {
  return (answer) => {
    const meta = responseOf(answer)?.result?.['_meta'] as Record<string, unknown> | undefined;
    if (meta?.['idempotent_replay'] === true) return "another's answer was replayed";
    return outputOf(answer)?.['id'] === theirs['id'] && theirs['id'] !== undefined
      ? "it is another's"
      : undefined;
  };
}
