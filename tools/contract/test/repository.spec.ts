import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { diff } from '../src/diff.ts';
import { Repository, UnknownBase } from '../src/repository.ts';
import type { ToolSnapshot } from '../src/snapshot.ts';
import { shipOrder } from './contract.ts';

let root: string;
let repository: Repository;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'gantry-contract-'));
  repository = new Repository(root);
  git('init', '--quiet', '--initial-branch', 'main');
});
const roots: string[] = [];
beforeEach(() => void roots.push(root));
afterAll(() => roots.forEach((one) => rmSync(one, { recursive: true })));

// No signing, no hooks, no name: whatever the machine is set up with.
const ENV = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
const AUTHOR = ['-c', 'user.name=A', '-c', 'user.email=a@example.com'];
beforeAll(() => void Object.assign(process.env, ENV));

function git(...args: string[]): string {
  return execFileSync('git', [...AUTHOR, ...args], { cwd: root, encoding: 'utf8' });
}

function write(path: string, content: object): void {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), JSON.stringify(content));
}

/** Makes the contract of a service be one tool, changed. */
function promise(change: Partial<ToolSnapshot> = {}, service = 'orders', version = '0.1.0'): void {
  write(`apps/${service}/package.json`, { version });
  write(`apps/${service}/contract/tools.json`, { tools: [{ ...shipOrder, ...change }] });
}

function commit(): string {
  git('add', '.');
  git('commit', '--quiet', '--message', 'x');
  return git('rev-parse', '--short=7', 'HEAD').trim();
}

const gone = { errors: [] };

describe('what a contract is compared with', () => {
  it('is where the branch left main', () => {
    promise();
    const fork = commit();
    git('checkout', '--quiet', '-b', 'topic');
    promise(gone);
    commit();
    promise({ ...gone, title: 'Send' });
    commit();
    git('checkout', '--quiet', 'main');
    promise({ errors: ['order_not_found', 'order_lost'] });
    commit();
    git('checkout', '--quiet', 'topic');
    const { text, isBroken } = diff(repository);
    expect(isBroken).toBe(true);
    expect(text).toContain(`orders, compared with main at ${fork}: 1 breaking, 1 wording`);
    expect(text).toContain('  breaking   tool ship_order: errors: order_not_found is gone\n');
    expect(text).not.toContain('order_lost');
  });

  it('is what main is elsewhere, before what it is here', () => {
    promise();
    const elsewhere = commit();
    git('update-ref', 'refs/remotes/origin/main', 'HEAD');
    promise(gone);
    commit();
    expect(repository.defaultBase('orders').name).toBe(`main at ${elsewhere}`);
  });

  it('is the last release of the service, on main', () => {
    promise();
    const released = commit();
    git('tag', 'orders@0.1.0');
    promise(gone);
    commit();
    git('tag', 'payments@0.9.0');
    expect(repository.defaultBase('orders').name).toBe(`orders@0.1.0 at ${released}`);
    expect(diff(repository).isBroken).toBe(true);
  });

  it('is the last commit, before there is a release: what was not committed is compared', () => {
    promise();
    const last = commit();
    expect(diff(repository)).toEqual({
      isBroken: false,
      text: `orders, compared with the last commit, at ${last}: no change`,
    });
    promise(gone);
    expect(diff(repository).isBroken).toBe(true);
  });

  it('is what one says it is', () => {
    promise(gone);
    const first = commit();
    promise();
    commit();
    promise({ title: 'Send' });
    expect(diff(repository, first).text).toContain('1 additive, 1 wording');
    expect(diff(repository, 'HEAD').text).toContain(': 1 wording');
  });

  it.each(['nowhere', '--output=x', ''])('is nothing that git does not know: %j', (ref) => {
    promise();
    commit();
    expect(() => diff(repository, ref)).toThrow(UnknownBase);
  });

  it('is nothing without a history', () => {
    promise();
    expect(() => diff(repository)).toThrow('no git history to compare with');
  });
});

describe('a service', () => {
  it('is compared by itself', () => {
    promise();
    promise({}, 'payments');
    commit();
    promise(gone, 'payments');
    const [orders, payments] = diff(repository, 'HEAD').text.split('\n');
    expect(orders).toMatch(/^orders, .*: no change$/);
    expect(payments).toMatch(/^payments, .*: 1 breaking$/);
  });

  it('that had no contract breaks nobody', () => {
    promise();
    commit();
    promise({}, 'inventory');
    expect(diff(repository, 'HEAD')).toMatchObject({
      isBroken: false,
      text: expect.stringContaining('inventory: has no contract in HEAD'),
    });
  });

  it('says with its version what is announced', () => {
    promise();
    commit();
    promise({ name: 'send_order' }, 'orders', '0.2.0');
    const { text, isBroken } = diff(repository, 'HEAD');
    expect(isBroken).toBe(false);
    expect(text).toContain('1 announced, 1 additive');
  });
});

describe('how a report ends if something breaks', () => {
  it('says what can be done about it', () => {
    promise();
    commit();
    promise(gone);
    expect(diff(repository, 'HEAD').text).toMatch(/raise `version` in its defineTool/);
    promise({ ...gone, version: 2 });
    expect(diff(repository, 'HEAD').text).not.toMatch(/defineTool/);
  });
});
