import { describe, expect, it } from '@jest/globals';
import type { ChangeKind } from '../src/compare/change.ts';
import { contractChanges } from '../src/compare/contracts.ts';
import type { Snapshot, ToolSnapshot } from '../src/snapshot.ts';
import { changes, withChanged } from './changes.ts';
import { contract, shipOrder } from './contract.ts';

describe('a change that breaks somebody', () => {
  const kinds = (before: Snapshot, after: Snapshot, version?: string) =>
    changes(before, after, version).map(({ kind }) => kind);
  const strict = { errors: [], scopes: [] };

  it.each<[string, Partial<ToolSnapshot>, ChangeKind[]]>([
    ['is announced by a higher version of the tool', { ...strict, version: 2 }, ['additive', 'announced']],
    ['is not by the same version', { ...strict }, ['additive', 'breaking']],
    [
      'is not if the version falls, which nothing announces',
      { ...strict, version: 0 },
      ['additive', 'breaking', 'breaking'],
    ],
  ])('%s', (_what, change, expected) => {
    expect(kinds(contract, withChanged('tools', change))).toEqual(expected);
  });

  it('counts from 1 where no version is said', () => {
    const { version: _version, ...first } = shipOrder;
    expect(kinds({ tools: [first] }, { tools: [{ ...first, ...strict, version: 2 }] })).toContain(
      'announced',
    );
    expect(kinds({ tools: [first] }, { tools: [{ ...first, ...strict, version: 1 }] })).toContain('breaking');
  });

  it('in a tool or an event that is still there, is not announced by the version of the service', () => {
    const payload = { ...contract.events[0]!.payload, properties: {} };
    expect(kinds(contract, withChanged('tools', { errors: [] }), '2.0.0')).toEqual(['breaking']);
    expect(kinds(contract, withChanged('events', { payload }), '2.0.0')).toEqual(['breaking']);
  });

  it.each<[string, before: string, after: string, ChangeKind]>([
    ['another major version', '1.4.0', '2.0.0', 'announced'],
    ['another minor version before the first major one', '0.4.9', '0.5.0', 'announced'],
    ['the first major version', '0.4.0', '1.0.0', 'announced'],
    ['a minor version', '1.4.0', '1.5.0', 'breaking'],
    ['a patch', '0.4.0', '0.4.1', 'breaking'],
    ['an earlier version', '2.0.0', '1.9.0', 'breaking'],
    ['the same version', '1.0.0', '1.0.0', 'breaking'],
  ])('anywhere else, and %s of the service', (_what, before, after, kind) => {
    const gone = { ...contract, tools: [], prompts: [], metrics: [], settings: [], events: [] };
    const found = contractChanges({ contract, version: before }, { contract: gone, version: after });
    expect(new Set(found.map((change) => change.kind))).toEqual(new Set([kind]));
  });
});
