import { deepStrictEqual, strictEqual } from 'node:assert';
import { writeFileSync } from 'node:fs';
import { WORK } from '../lab/folders.ts';
import type { Contender, Entry, Scenario } from './contender.ts';
import type { Kit, Running, ServiceOptions } from './kit.ts';
import { legacyMessage, modernMessage, resultOf, type Message } from './mcp-message.ts';

/** Limits are by principal: so many call by turns. */
const PRINCIPALS = 100;

/** A tool that adds two numbers, or a list of such tools. */
interface Task {
  readonly modern: Message;
  readonly legacy: Message;
  readonly marker: string;
  /** How many tools a server has: Gantry has one more than told, health_check. */
  readonly tools: { readonly peers: number; readonly gantry: number };
  readonly verify: (answer: string) => void;
}

const addition = {
  method: 'tools/call',
  params: { name: 'add_numbers', arguments: { a: 20.25, b: 21.75 } },
} as const;

const CALL: Task = {
  modern: modernMessage(addition),
  legacy: legacyMessage(addition),
  marker: '"sum":42',
  tools: { peers: 1, gantry: 1 },
  verify(answer) {
    deepStrictEqual(resultOf(answer)['structuredContent'], { sum: 42 });
  },
};

const LIST: Task = {
  modern: modernMessage({ method: 'tools/list' }),
  legacy: legacyMessage({ method: 'tools/list' }),
  marker: '"add_numbers_15"',
  tools: { peers: 16, gantry: 15 },
  verify(answer) {
    const tools = resultOf(answer)['tools'] as { inputSchema?: object; outputSchema?: object }[];
    strictEqual(tools.filter(({ inputSchema, outputSchema }) => inputSchema && outputSchema).length, 16);
  },
};

/** The same trivial tool on every server. */
export function trivial(kit: Kit): Scenario {
  return {
    name: 'trivial',
    title: 'A trivial tool: tools/call of add_numbers',
    entries: [echo(kit, CALL), ...peers(kit, CALL), gantryEntry(kit, CALL)],
    share: 1,
  };
}

/** The same list of sixteen tools. */
export function toolsList(kit: Kit): Scenario {
  return {
    name: 'tools-list',
    title: 'tools/list with 16 tools',
    entries: [echoOf(kit, LIST), ...peers(kit, LIST), gantryEntry(kit, LIST)],
    share: 0.5,
  };
}

function echo(kit: Kit, task: Task): Entry {
  return {
    name: 'echo',
    start: async () => contender('echo', 'node:http echo', task, task.modern, await kit.peer('echo.js')),
  };
}

/** An echo of the bytes that Gantry answers with. */
function echoOf(kit: Kit, task: Task): Entry {
  return {
    name: 'echo',
    async start() {
      const { server, order } = await gantryEntry(kit, task).start();
      const headers = { ...order.headers, authorization: `Bearer ${order.tokens[0]!}` };
      const answer = await fetch(order.url, { method: 'POST', headers, body: order.bodies[0]! });
      const file = `${WORK}/answer.json`;
      writeFileSync(file, await answer.text());
      await server.stop();
      const running = await kit.peer('echo.js', { ANSWER_FILE: file });
      return contender('echo', 'node:http echo of the same bytes', task, task.modern, running);
    },
  };
}

function peers(kit: Kit, task: Task): Entry[] {
  const peer = (name: string, title: string, message: Message): Entry => ({
    name,
    start: async () =>
      contender(
        name,
        title,
        task,
        message,
        await kit.peer(`${name}.js`, { TOOLS: String(task.tools.peers) }),
      ),
  });
  return [
    peer('sdk-2', 'SDK 2, bare', task.modern),
    peer('sdk-1', 'SDK 1, bare', task.legacy),
    peer('mcp-nest', 'mcp-nest on Fastify, bare', task.modern),
    peer('fastmcp', 'fastmcp, bare', task.legacy),
  ];
}

/** Gantry with one trivial tool. */
export function gantry(kit: Kit, options: ServiceOptions = {}): Entry {
  return gantryEntry(kit, CALL, options);
}

function gantryEntry(kit: Kit, task: Task, options: ServiceOptions = {}): Entry {
  return {
    name: 'gantry',
    async start() {
      const env = { TOOLS: String(task.tools.gantry), ...options.env };
      const running = await kit.trivial({ ...options, env });
      const tokens = await kit.lab.tokens(running.url, ['bench:read'], PRINCIPALS);
      return contender('gantry', 'Gantry, full pipeline', task, task.modern, running, tokens);
    },
  };
}

function contender(
  name: string,
  title: string,
  { marker, verify }: Task,
  { headers, body }: Message,
  { server, url }: Running,
  tokens: readonly string[] = [],
): Contender {
  return { name, title, server, order: { url, headers, bodies: [body], tokens, marker }, verify };
}
