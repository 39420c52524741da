import type { Principal } from '@gantry/pipeline';
import { describe, expect, it } from '@jest/globals';
import { principalKey } from './principal-key.ts';

const principal = (tenant: string, subject: string, client: string): Principal => ({
  tenant,
  subject,
  client,
  scopes: new Set(),
});

describe('principalKey', () => {
  it('is the same for the same tenant, subject and client, whatever the scopes', () => {
    const narrow = principal('acme', 'alice', 'agent');
    const wide = { ...narrow, scopes: new Set(['orders:write']) };
    expect(principalKey(wide)).toBe(principalKey(narrow));
    expect(principalKey(narrow)).toBe(principalKey(narrow));
  });

  it('is different for any others, however their names are cut', () => {
    const others = [
      principal('acme', 'alice', 'agent'),
      principal('acme', 'alice', 'robot'),
      principal('acme', 'bob', 'agent'),
      principal('umbrella', 'alice', 'agent'),
      principal('acme"', '"alice', 'agent'),
      principal('acme","alice', 'agent', ''),
      principal('acme', '', 'alice","agent'),
    ];
    expect(new Set(others.map(principalKey)).size).toBe(others.length);
  });

  it('does not tell whose it is', () => {
    expect(principalKey(principal('acme', 'alice@acme.example', 'agent'))).toMatch(/^[\w-]{43}$/);
  });
});
