import { sendRaw, type RawAnswer, type RawRequest } from '@gantry/testing';
import assert from 'node:assert/strict';
import { assertInsufficientScope } from './assert-challenge.ts';
import { goodToken, type AuthCheck, type AuthTarget } from './auth-check.ts';

/** The tools that a token with these scopes sees. */
async function toolsFor(target: AuthTarget, scopes: string[]): Promise<string[]> {
  const { json } = await sendRaw(target.url, await goodToken(target, scopes));
  const tools = (json.result?.['tools'] ?? []) as { name: string }[];
  return tools.map(({ name }) => name);
}

const reading = ({ name }: AuthTarget) => [`${name}:read`];
const writing = ({ name }: AuthTarget) => [`${name}:write`];
const administering = ({ name }: AuthTarget) => [`${name}:admin`];

/** What the first list has and the second has not. */
async function firstBeyond(target: AuthTarget, more: string[], less: string[]): Promise<string> {
  const known = new Set(await toolsFor(target, less));
  const beyond = (await toolsFor(target, more)).find((name) => !known.has(name));
  assert.ok(beyond, `${more.join()} sees no more than ${less.join() || 'no scope'}`);
  return beyond;
}

const toolThatReads = (target: AuthTarget) => firstBeyond(target, reading(target), []);
const toolThatWrites = (target: AuthTarget) => firstBeyond(target, writing(target), reading(target));

async function call(
  target: AuthTarget,
  tool: string,
  scopes: string[],
  request: RawRequest = {},
): Promise<RawAnswer> {
  const params = { name: tool, arguments: {} };
  return sendRaw(target.url, await goodToken(target, scopes), { method: 'tools/call', params, ...request });
}

/** The call went in: what it says of its arguments, which are none, is its own business. */
function assertCalled({ status, json }: RawAnswer): void {
  assert.equal(status, 200, `HTTP ${status}`);
  assert.ok(json.result, 'no result');
}

function isWithin(some: readonly string[], all: readonly string[]): boolean {
  return some.every((one) => all.includes(one));
}

/** What a token may do, by its scopes. */
export const scopes: readonly AuthCheck[] = [
  {
    name: '403: read token, tool that writes',
    reference: 'RFC 6750 §3.1, MCP authorization',
    run: async (target) => {
      const answer = await call(target, await toolThatWrites(target), reading(target));
      assert.ok(
        assertInsufficientScope(target, answer).includes(writing(target)[0]!),
        'the scope is missing',
      );
    },
  },
  {
    name: '403: read token, tool that writes, 2025-11-25',
    reference: 'RFC 6750 §3.1, MCP authorization',
    run: async (target) => {
      const name = await toolThatWrites(target);
      const answer = await call(target, name, reading(target), {
        headers: { 'mcp-protocol-version': '2025-11-25', 'mcp-method': undefined, 'mcp-name': undefined },
        body: JSON.stringify({
          jsonrpc: '2.0',
          id: 1,
          method: 'tools/call',
          params: { name, arguments: {} },
        }),
      });
      assertInsufficientScope(target, answer);
    },
  },
  {
    name: '403: no scope, tool that reads',
    reference: 'MCP authorization',
    run: async (target) => {
      assertInsufficientScope(target, await call(target, await toolThatReads(target), []));
    },
  },
  {
    name: '403: scopes of another service',
    reference: 'MCP authorization',
    run: async (target) => {
      const foreign = ['other:admin', `${target.name}s:admin`, `${target.name}:administrator`];
      assertInsufficientScope(target, await call(target, await toolThatReads(target), foreign));
    },
  },
  {
    name: 'the scopes that a 403 asks for are enough',
    reference: 'MCP authorization (step-up)',
    run: async (target) => {
      const tool = await toolThatWrites(target);
      const needed = assertInsufficientScope(target, await call(target, tool, reading(target)));
      assertCalled(await call(target, tool, [...needed]));
    },
  },
  {
    name: 'write ⊃ read',
    reference: 'MCP authorization (scope hierarchies)',
    run: async (target) => assertCalled(await call(target, await toolThatReads(target), writing(target))),
  },
  {
    name: 'admin ⊃ write',
    reference: 'MCP authorization (scope hierarchies)',
    run: async (target) =>
      assertCalled(await call(target, await toolThatWrites(target), administering(target))),
  },
  {
    name: 'the list of tools depends on scopes: none ⊂ read ⊂ write ⊆ admin',
    reference: 'Gantry',
    run: async (target) => {
      const steps = [[], reading(target), writing(target), administering(target)];
      const [none, read, write, admin] = await Promise.all(steps.map((granted) => toolsFor(target, granted)));
      assert.ok(read!.length > none!.length && isWithin(none!, read!), 'read sees no more than no scope');
      assert.ok(write!.length > read!.length && isWithin(read!, write!), 'write sees no more than read');
      assert.ok(isWithin(write!, admin!), 'admin sees less than write');
    },
  },
  {
    name: 'a tool that is not listed is not there: -32602',
    reference: 'MCP tools',
    run: async (target) => {
      const { json } = await call(target, 'no_such_tool', administering(target));
      assert.equal(json.error?.code, -32_602, `error code ${json.error?.code}`);
    },
  },
];
