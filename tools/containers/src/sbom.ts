import type { BundledPackage } from './bundled-packages.ts';
import type { Package } from './package-of.ts';

/**
 * The bill of materials of a bundle, in CycloneDX 1.6. It has no time and no serial number: the same bundle has the same
 * bill. Node and the base image are not part of the bundle; their bills come with the base image.
 */
export function billOfMaterials(subject: Package, packages: readonly BundledPackage[]): object {
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: component(subject, 'application') },
    components: packages
      .filter((each) => purl(each) !== purl(subject))
      .map((each) => component(each, 'library')),
    dependencies: packages.map((each) => ({ ref: purl(each), dependsOn: each.imports.map(purl) })),
  };
}

function component(item: Package, type: 'application' | 'library'): object {
  const { name, version, license } = item;
  return {
    type,
    'bom-ref': purl(item),
    name,
    version,
    purl: purl(item),
    ...(license && { licenses: [{ expression: license }] }),
  };
}

/** A package URL, such as `pkg:npm/%40nestjs/common@12.5.1`. */
function purl({ name, version }: Package): string {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}
