import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { billOfMaterials } from '../src/bill-of-materials.ts';
import { checkout, FAULTLESS } from './checkout.ts';

/** The workspace as it is after `npm ci`. */
function installed(): string {
  const root = checkout({
    ...FAULTLESS,
    'node_modules/scales/package.json': { name: 'scales', version: '1.2.3', license: 'MIT' },
    'node_modules/compiled/package.json': { name: 'compiled', version: '2.0.0', license: 'ISC' },
  });
  mkdirSync(join(root, 'node_modules/@shop'));
  symlinkSync('../../apps/till', join(root, 'node_modules/@shop/till'));
  return root;
}

describe('billOfMaterials', () => {
  it('lists what is installed, in CycloneDX', () => {
    const root = installed();
    expect(billOfMaterials(root).summary).toBe('3 components in dist/sbom/shop.cdx.json');

    const bom = JSON.parse(readFileSync(join(root, 'dist/sbom/shop.cdx.json'), 'utf8')) as {
      components: { purl: string }[];
    };
    expect(bom).toMatchObject({
      bomFormat: 'CycloneDX',
      metadata: { component: { name: 'shop', type: 'application', purl: 'pkg:npm/shop@0.1.0' } },
      dependencies: expect.arrayContaining([
        { ref: '@shop/till@0.1.0', dependsOn: expect.arrayContaining(['scales@1.2.3']) },
      ]),
    });
    expect(bom.components.map(({ purl }) => purl).sort()).toEqual([
      'pkg:npm/%40shop/till@0.1.0',
      'pkg:npm/compiled@2.0.0',
      'pkg:npm/scales@1.2.3',
    ]);
  });

  it('fails if something is not installed', () => {
    expect(() => billOfMaterials(checkout(FAULTLESS))).toThrow('missing');
  });
});
