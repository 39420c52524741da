import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ScopeHierarchy } from './scope-hierarchy.ts';

const sorted = (scopes: Iterable<string>) => [...scopes].sort();

describe('ScopeHierarchy', () => {
  const hierarchy = new ScopeHierarchy();

  it.each([
    ['orders:admin', ['orders:admin', 'orders:read', 'orders:write']],
    ['orders:write', ['orders:read', 'orders:write']],
    ['orders:read', ['orders:read']],
    ['eu:orders:write', ['eu:orders:read', 'eu:orders:write']],
    ['payments:approve', ['payments:approve']],
    ['admin', ['admin']],
    [':admin', [':admin']],
    ['orders:Admin', ['orders:Admin']],
    ['orders:constructor', ['orders:constructor']],
  ])('%s grants %j', (scope, granted) => {
    expect(sorted(hierarchy.expand([scope]))).toEqual(granted);
  });

  it('gives a right outside the generic rule only to scopes that declare it', () => {
    expect(hierarchy.expand(['payments:admin']).has('payments:approve')).toBe(false);
    const declared = new ScopeHierarchy({ 'payments:admin': ['payments:approve'] });
    expect(declared.expand(['payments:admin']).has('payments:approve')).toBe(true);
    expect(declared.expand(['payments:write']).has('payments:approve')).toBe(false);
  });

  it('follows declared implications through the generic rule, and cycles to their end', () => {
    const declared = new ScopeHierarchy({ root: ['orders:admin'], 'orders:read': ['root'] });
    expect(sorted(declared.expand(['orders:read']))).toEqual([
      'orders:admin',
      'orders:read',
      'orders:write',
      'root',
    ]);
  });

  describe('for any scopes and declarations', () => {
    const action = fc.constantFrom('admin', 'write', 'read', 'approve', 'export');
    const scope = fc
      .tuple(fc.constantFrom('orders', 'payments', 'records'), action)
      .map((parts) => parts.join(':'));
    const scopes = fc.array(scope, { maxLength: 6 });
    const anyHierarchy = fc
      .dictionary(scope, fc.array(scope, { maxLength: 3 }), { maxKeys: 5 })
      .map((declared) => new ScopeHierarchy(declared));

    it('keeps what was granted, and adds nothing when expanded again', () => {
      fc.assert(
        fc.property(anyHierarchy, scopes, (any, granted) => {
          const expanded = any.expand(granted);
          expect(granted.every((one) => expanded.has(one))).toBe(true);
          expect(sorted(any.expand(expanded))).toEqual(sorted(expanded));
        }),
      );
    });

    it('grants to a set what it grants to each of its members, and no more', () => {
      fc.assert(
        fc.property(anyHierarchy, scopes, (any, granted) => {
          const each = new Set(granted.flatMap((one) => [...any.expand([one])]));
          expect(sorted(any.expand(granted))).toEqual(sorted(each));
        }),
      );
    });

    it('without declarations never leaves the resource, never adds a stronger or unrelated action', () => {
      const rank = new Map([
        ['read', 0],
        ['write', 1],
        ['admin', 2],
      ]);
      fc.assert(
        fc.property(scope, (granted) => {
          const [resource, action = ''] = granted.split(':');
          for (const one of hierarchy.expand([granted])) {
            if (one === granted) continue;
            const [ofResource, implied = ''] = one.split(':');
            expect(ofResource).toBe(resource);
            expect(rank.get(implied)).toBeLessThan(rank.get(action) ?? -1);
          }
        }),
      );
    });
  });
});
