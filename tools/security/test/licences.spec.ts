import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { licences, type Policy } from '../src/licences.ts';
import { checkout } from './checkout.ts';

const policy: Policy = { allowed: new Set(['MIT', 'Apache-2.0']), exceptions: {} };

/** A lockfile with one package of this licence. */
function using(license: string | undefined): string {
  return checkout({
    'package-lock.json': { packages: { 'node_modules/scales': { version: '1.2.3', license } } },
  });
}

describe('licences', () => {
  it.each(['MIT', '(GPL-3.0 OR MIT)', 'MIT OR GPL-3.0', 'Apache-2.0 AND MIT'])('allows %s', (licence) => {
    expect(licences(using(licence), policy).findings).toEqual([]);
  });

  it.each(['GPL-3.0', 'MIT AND GPL-3.0', 'SEE LICENSE IN LICENSE', '(GPL-3.0 OR (MIT AND GPL-2.0))'])(
    'finds %s',
    (licence) => {
      expect(licences(using(licence), policy).findings).toEqual([`scales@1.2.3: ${licence}`]);
    },
  );

  it('finds a package that declares none', () => {
    expect(licences(using(undefined), policy).findings).toEqual(['scales@1.2.3: no licence declared']);
  });

  it('accepts a reviewed exception only for the licence that was reviewed', () => {
    const excepted = { ...policy, exceptions: { scales: { declared: 'WTFPL', reason: 'harmless' } } };
    expect(licences(using('WTFPL'), excepted)).toMatchObject({
      result: 'passed',
      summary: '1 packages, 1 of them by a reviewed exception',
    });
    expect(licences(using('GPL-3.0'), excepted).findings).toContain('scales@1.2.3: GPL-3.0');
  });

  it('finds an exception that has become superfluous', () => {
    const excepted = { ...policy, exceptions: { scales: { declared: 'WTFPL', reason: 'harmless' } } };
    expect(licences(using('MIT'), excepted).findings).toEqual([
      'the exception for scales excepts nothing any more',
    ]);
  });

  it('writes a report of all licences, with the reasons of the exceptions', () => {
    const root = using('WTFPL');
    licences(root, { ...policy, exceptions: { scales: { declared: 'WTFPL', reason: 'harmless' } } });
    expect(JSON.parse(readFileSync(join(root, 'dist/sbom/licences.json'), 'utf8'))).toEqual([
      { package: 'scales@1.2.3', licence: 'WTFPL', exception: 'harmless' },
    ]);
  });
});
