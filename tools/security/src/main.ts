import { advisories } from './advisories.ts';
import { billOfMaterials } from './bill-of-materials.ts';
import { notChecked } from './check.ts';
import { installScripts } from './install-scripts.ts';
import { licences } from './licences.ts';
import { pinnedActions } from './pinned-actions.ts';
import { pinnedImages } from './pinned-images.ts';
import { pinnedVersions } from './pinned-versions.ts';
import { report } from './report.ts';
import { secrets } from './secrets.ts';

/**
 * Looks at the supply chain of the checkout in the current directory, and says what it could and could not see.
 *
 *   node tools/security/src/main.ts scan   all checks; ends with 1 if one has found something
 *   node tools/security/src/main.ts sbom   only the bill of materials
 */
const root = process.cwd();
const checks =
  process.argv[2] === 'sbom'
    ? [billOfMaterials(root)]
    : [
        billOfMaterials(root),
        licences(root),
        pinnedVersions(root),
        installScripts(root),
        pinnedActions(root),
        pinnedImages(root),
        secrets(root),
        await advisories(root),
        notChecked('Secrets in the history', 'only the files of this commit are read'),
        notChecked('Packages of the images', 'what a base image brings: scan it where it is pushed to'),
      ];
process.stdout.write(report(checks));
process.exitCode = checks.some(({ result }) => result === 'failed') ? 1 : 0;
