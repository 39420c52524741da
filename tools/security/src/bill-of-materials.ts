import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checked, type Check } from './check.ts';
import { manifestIn } from './manifests.ts';

/** Of CycloneDX what is touched here. */
interface Bom {
  readonly metadata: { readonly component: { name: string } };
  readonly components: readonly unknown[];
}

/** Writes the bill of materials of everything that is installed, tools included: dist/sbom/gantry.cdx.json. */
export function billOfMaterials(root: string): Check {
  const { name } = manifestIn(root);
  const args = ['sbom', '--sbom-format=cyclonedx', '--sbom-type=application'];
  const text = execFileSync('npm', args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    // What fails tells why in its error; its warnings are about the user's own settings.
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const bom = JSON.parse(text) as Bom;
  // npm says what the folder of the checkout is called.
  bom.metadata.component.name = name;
  mkdirSync(join(root, 'dist/sbom'), { recursive: true });
  const file = `dist/sbom/${name}.cdx.json`;
  writeFileSync(join(root, file), `${JSON.stringify(bom, null, 2)}\n`);
  return checked('Bill of materials', `${bom.components.length} components in ${file}`, []);
}
