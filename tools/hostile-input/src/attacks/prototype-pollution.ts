import type { Trial } from '../session.ts';
import { type Arena, argumentsWith, some, type Attack } from './attack.ts';

/** Texts, because an object literal cannot have these names. */
const POISONS = [
  '{"__proto__":{"polluted":"yes"}}',
  '{"constructor":{"prototype":{"polluted":"yes"}}}',
  '{"a":{"__proto__":{"polluted":"yes","isAdmin":true}}}',
  '{"__proto__":null}',
  '{"__proto__":[],"length":1e9}',
  '{"toString":1,"valueOf":null,"hasOwnProperty":1}',
  '{"toJSON":"x","then":"x"}',
  '{"__defineGetter__":"a","__lookupSetter__":"b"}',
];

/** The probe looks afterwards whether prototypes have anything that they had not. */
export const prototypePollution: Attack = {
  name: 'prototype pollution',
  run: (arena) => arena.session.sendAll(some(arena, trials(arena))),
};

function* trials({ session, random }: Pick<Arena, 'session' | 'random'>): Generator<Trial> {
  const { subject } = session;
  const family = prototypePollution.name;
  for (const poison of POISONS) {
    for (const tool of subject.tools.values()) {
      const name = tool.name;
      // As all arguments, beside right ones, and as each of them.
      const args = argumentsWith(subject, tool, random, {});
      const beside = JSON.stringify(args).replace(
        /^\{/,
        `${poison.slice(0, -1)}${Object.keys(args).length > 0 ? ',' : ''}`,
      );
      const texts = [poison, beside];
      for (const property of Object.keys(args))
        texts.push(JSON.stringify({ ...args, [property]: 'HERE' }).replace('"HERE"', poison));
      for (const text of texts) {
        const input = session.call(name, {}, { family, what: `${name}: ${poison}` });
        yield [{ ...input, body: String(input.body).replace('"arguments":{}', () => `"arguments":${text}`) }];
      }
    }
    for (const place of ['_meta', 'arguments', 'context', 'ref', 'argument', 'notifications'])
      for (const method of [
        'tools/list',
        'prompts/get',
        'completion/complete',
        'tasks/get',
        'subscriptions/listen',
      ]) {
        const input = session.request(
          method,
          { [place]: 'HERE' },
          { family, what: `${method}, ${place}: ${poison}`, endAfterMs: 150 },
        );
        yield [{ ...input, body: String(input.body).replace('"HERE"', () => poison) }];
      }
  }
}
