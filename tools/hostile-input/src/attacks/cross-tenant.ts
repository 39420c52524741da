import { responseOf } from '../judge/rpc.ts';
import type { Schema } from '../fuzz/valid.ts';
import { unusedId } from '../fuzz/valid.ts';
import type { ToolPromise } from '../judge/results.ts';
import { argumentsWith, refused, toolsWith, type Arena, type Attack } from './attack.ts';

/**
 * Ids of others, everywhere where an id goes. The answer must be the one for an id that nobody has: who can tell them
 * apart can find out what others have.
 */
export const crossTenant: Attack = {
  name: 'cross-tenant',
  async run(arena) {
    const { foreign, personal } = arena.plants;
    for (const [whose, ids] of [
      ["the victim's", foreign],
      ["a colleague's", personal],
    ] as const)
      for (const [property, values] of Object.entries(ids))
        for (const value of values.slice(0, 3)) {
          await tools(arena, `${whose} ${property}`, property, value);
          await others(arena, `${whose} ${property}`, property, value);
        }
  },
};

async function tools(
  { session, random }: Arena,
  whose: string,
  property: string,
  value: string,
): Promise<void> {
  const { subject } = session;
  for (const [tool] of toolsWith(subject, property)) {
    // What is no id but a name, anybody may give to something of their own.
    if (!ID.test(value) && writes(tool)) continue;
    const options = { family: crossTenant.name, what: `${tool.name} with ${whose}` };
    const args = argumentsWith(subject, tool, random, {});
    const withKey = (id: string) => ({
      ...args,
      [property]: id,
      ...(Object.hasOwn(args, 'idempotency_key') && { idempotency_key: `key-${random.text(20, 'abcdef')}` }),
    });
    const nobodys = unlike(value, tool.inputSchema, property, random);
    const expected = await session.send(
      session.call(tool.name, withKey(nobodys), {
        ...options,
        what: `${tool.name} with nobody's ${property}`,
      }),
    );
    const mustBe = same(JSON.stringify(responseOf(expected)?.result), nobodys, value);
    await session.send(session.call(tool.name, withKey(value), options), ({ text, type }) =>
      mustBe(JSON.stringify(responseOf({ text, type })?.result)),
    );
  }
}

/** A TypeID. */
const ID = /^[a-z]+_[0-7][0-9a-hjkmnp-tv-z]{25}$/;

function writes({ inputSchema }: ToolPromise): boolean {
  return 'idempotency_key' in ((inputSchema as Schema).properties ?? {});
}

/** Resources, tasks, completions and prompts. */
async function others(
  { session, random }: Arena,
  whose: string,
  property: string,
  value: string,
): Promise<void> {
  const { subject } = session;
  const family = crossTenant.name;
  for (const template of subject.templates) {
    if (!template.includes(`{${property}}`)) continue;
    const uri = template.replace(`{${property}}`, encodeURIComponent(value)).replaceAll(/\{\w+\}/g, '1');
    await session.send(
      session.request('resources/read', { uri }, { family, what: `resource of ${whose}` }),
      refused(),
    );
    const ref = { type: 'ref/resource', uri: template };
    const params = { ref, argument: { name: property, value: value.slice(0, 12) } };
    await session.send(
      session.request('completion/complete', params, { family, what: `completion of ${whose}` }),
      ({ text }) => (text.includes(value) ? 'it is offered' : undefined),
    );
  }
  if (property === 'operation_id')
    for (const method of ['tasks/get', 'tasks/cancel', 'tasks/update']) {
      const params = { taskId: value, ...(method === 'tasks/update' && { inputResponses: {} }) };
      await session.send(
        session.request(method, params, { family, what: `${method} of ${whose}` }),
        refused(),
      );
    }
  for (const prompt of subject.prompts) {
    if (!prompt.arguments.some(({ name }) => name === property)) continue;
    const filled = prompt.arguments.map(({ name }): [string, unknown] => [
      name,
      random.pick(subject.vocabulary[name] ?? ['things']),
    ]);
    const args = { ...Object.fromEntries(filled), [property]: value };
    await session.send(
      session.request(
        'prompts/get',
        { name: prompt.name, arguments: args },
        { family, what: `prompt with ${whose}` },
      ),
      refused(),
    );
  }
}

/** Of the same kind, and nobody's. */
function unlike(value: string, schema: Schema, property: string, random: Arena['random']): string {
  const prefix = /^([a-z]+)_0/.exec(value)?.[1];
  if (prefix) return unusedId(prefix, random);
  return random.text(
    value.length,
    schema.properties?.[property]?.pattern?.startsWith('^[a-z]') ? 'qxz' : 'QXZ',
  );
}

/** Answers are the same if they differ in nothing but what was asked for, and in ids of errors, cursors and times. */
function same(expected: string | undefined, nobodys: string, value: string) {
  const plain = (text = '') =>
    text
      .replaceAll(nobodys, 'ID')
      .replaceAll(value, 'ID')
      .replaceAll(/"requestState":"[^"]*"/g, '')
      .replaceAll(/err_\w+|[0-9a-f]{8}-[0-9a-f-]{27}|\d{4}-\d\d-\d\dT[\d:.]+Z/g, '…')
      .replaceAll(/\b(?:[a-z]+_)[0-7][0-9a-hjkmnp-tv-z]{25}\b/g, 'OTHER');
  return (actual: string | undefined) =>
    plain(actual) === plain(expected)
      ? undefined
      : `another answer than for nobody's: ${plain(expected).slice(0, 200)}`;
}
