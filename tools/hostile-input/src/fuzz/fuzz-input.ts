import { request, withMeta, type Era, type Input } from '../wire/input.ts';
import type { Subject } from '../subject.ts';
import { hostileObject, hostileText, hostileValue, TRAVERSALS } from './hostile-values.ts';
import { mutate, random as anyArguments, type Mutation } from './mutate.ts';
import { Random } from './random.ts';
import { validArguments, type Schema } from './valid.ts';

/** Read until then, a stream has answered. */
const STREAM_MS = 150;

type Make = (subject: Subject, random: Random, index: number) => Input;

/** What is asked, and how often. */
const KINDS: readonly (readonly [weight: number, make: Make])[] = [
  [78, toolCall],
  [6, resourceRead],
  [3, promptGet],
  [4, completion],
  [3, task],
  [2, listing],
  [1, listen],
  [3, strangeMessage],
];

/** The input of this number: the same for the same seed, as far as ids of the run go into it at the same places. */
export function fuzzInput(subject: Subject, seed: number, index: number): Input {
  const random = new Random(seed, subject.name, index);
  const make = random.weighted(KINDS);
  const input = make(subject, random, index + 1);
  return random.chance(0.02) ? brokenBody(input, random) : input;
}

function toolCall(subject: Subject, random: Random, index: number): Input {
  const names = [...subject.tools.keys()];
  // In turn, so that a short run has them all.
  const tool = subject.tools.get(names[index % names.length]!)!;
  const schema: Schema = tool.inputSchema;
  const { what, args, text = JSON.stringify(args) } = argumentsFor(schema, subject, random);
  const era = eraOf(random);
  const params = JSON.stringify(withMeta({ name: tool.name }, { era, capabilities: capabilities(random) }));
  return request(
    'tools/call',
    { name: tool.name },
    {
      ...from(subject, `${tool.name}, ${what}`, era, index),
      paramsText: `${params.slice(0, -1)},"arguments":${text}}`,
    },
  );
}

function argumentsFor(schema: Schema, { vocabulary }: Subject, random: Random): Mutation {
  const kind = random.next();
  if (kind < 0.2) return anyArguments(schema, random);
  const args = validArguments(schema, random, vocabulary);
  return kind < 0.5 ? { what: 'valid', args } : mutate(args, schema, random);
}

function resourceRead(subject: Subject, random: Random, index: number): Input {
  const uri = random.chance(0.2)
    ? random.pick(subject.resources)
    : random.pick(subject.templates).replace(/\{(\w+)\}/g, (_, name: string) => {
        const known = subject.vocabulary[name];
        if (known && random.chance(0.4)) return encodeURIComponent(String(random.pick(known)));
        return random.chance(0.5) ? random.pick(TRAVERSALS) : escaped(hostileText(random));
      });
  return request('resources/read', { uri }, from(subject, 'resource', eraOf(random), index));
}

function promptGet(subject: Subject, random: Random, index: number): Input {
  const prompt = random.chance(0.9) && subject.prompts.length > 0 ? random.pick(subject.prompts) : undefined;
  const args: Record<string, unknown> = Object.fromEntries(
    (prompt?.arguments ?? []).map(({ name }) => [
      name,
      random.chance(0.5) ? random.pick(subject.vocabulary[name] ?? ['things']) : hostileValue(random),
    ]),
  );
  const params = {
    name: prompt?.name ?? hostileText(random),
    arguments: random.chance(0.9) ? args : hostileValue(random),
  };
  return request('prompts/get', params, from(subject, 'prompt', eraOf(random), index));
}

function completion(subject: Subject, random: Random, index: number): Input {
  const uri = random.pick(subject.templates);
  const variables = [...uri.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);
  const prompt = subject.prompts.length > 0 ? random.pick(subject.prompts) : undefined;
  const ofPrompt = prompt && random.chance(0.4);
  const params = {
    ref: ofPrompt ? { type: 'ref/prompt', name: prompt.name } : { type: 'ref/resource', uri },
    argument: {
      name: random.pick([
        ...(ofPrompt ? prompt.arguments.map(({ name }) => name) : variables),
        hostileText(random),
      ]),
      value: random.chance(0.4) ? random.pick(['', 't', 'rec_', '%', '_']) : hostileText(random),
    },
    ...(random.chance(0.3) && { context: { arguments: hostileObject(random) } }),
  };
  return request('completion/complete', params, from(subject, 'completion', eraOf(random), index));
}

function task(subject: Subject, random: Random, index: number): Input {
  const method = random.pick(['tasks/get', 'tasks/cancel', 'tasks/update']);
  const taskId = random.chance(0.4)
    ? random.pick(subject.vocabulary['operation_id'] ?? ['op_x'])
    : hostileValue(random);
  const params = { taskId, ...(method === 'tasks/update' && { inputResponses: hostileObject(random) }) };
  return request(method, params, from(subject, method, 'modern', index));
}

function listing(subject: Subject, random: Random, index: number): Input {
  const method = random.pick([
    'tools/list',
    'resources/list',
    'resources/templates/list',
    'prompts/list',
    'server/discover',
    'initialize',
    'ping',
    'logging/setLevel',
    'resources/subscribe',
    'sampling/createMessage',
    'notifications/cancelled',
    hostileText(random).slice(0, 2_000),
  ]);
  const params = random.chance(0.6) ? {} : hostileObject(random);
  return request(method, params, from(subject, 'method', eraOf(random), index));
}

function listen(subject: Subject, random: Random, index: number): Input {
  const notifications = random.chance(0.5)
    ? {
        resourceSubscriptions: [random.pick(subject.resources), hostileText(random)],
        resourcesListChanged: true,
      }
    : hostileValue(random);
  const options = { ...from(subject, 'listen', 'modern', index), endAfterMs: STREAM_MS };
  return request('subscriptions/listen', { notifications }, options);
}

/** A message of which any part may be wrong. */
function strangeMessage(subject: Subject, random: Random, index: number): Input {
  const input = request('tools/list', {}, from(subject, 'message', eraOf(random), index));
  const message = JSON.parse(input.body as string) as Record<string, unknown>;
  const part = random.pick(['jsonrpc', 'id', 'method', 'params', 'result', 'error', '_meta', '__proto__']);
  Object.defineProperty(message, part, { value: hostileValue(random), enumerable: true });
  return {
    ...unidentified(input),
    body: JSON.stringify(random.chance(0.1) ? hostileValue(random) : message),
  };
}

/** No JSON any more, or no text. */
function brokenBody(input: Input, random: Random): Input {
  const bytes = Buffer.from(input.body);
  const at = random.between(0, Math.max(0, bytes.length - 1));
  const body = random.pick<() => string | Uint8Array>([
    () => bytes.subarray(0, at),
    () => Buffer.concat([bytes.subarray(0, at), Buffer.of(random.between(0, 255)), bytes.subarray(at + 1)]),
    () => Buffer.concat([Buffer.of(0xef, 0xbb, 0xbf), bytes]),
    () => Buffer.concat([bytes, bytes]),
    () => Buffer.from(bytes.toString(), 'utf16le'),
    () => `${String(input.body)},`,
    () => String(input.body).replaceAll('"', "'"),
    () => '',
  ])();
  return { ...unidentified(input), what: `${input.what}, broken body`, body };
}

function unidentified({ asked: _, ...input }: Input): Input {
  return input;
}

function from({ token }: Subject, what: string, era: Era, id: number) {
  return { family: 'fuzz', what, token, era, id };
}

function eraOf(random: Random): Era {
  return random.chance(0.15) ? 'legacy' : 'modern';
}

function capabilities(random: Random): object {
  return random.chance(0.2) ? {} : { elicitation: {}, extensions: { 'io.modelcontextprotocol/tasks': {} } };
}

/** As it is or encoded; lone surrogates cannot be. */
function escaped(text: string): string {
  return encodeURIComponent(text.slice(0, 1_500).toWellFormed());
}
