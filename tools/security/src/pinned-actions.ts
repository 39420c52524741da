import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checked, type Check } from './check.ts';

/** `uses: owner/repository[/path]@reference`, in a workflow or a composite action. */
const USES = /^\s*(?:-\s+)?uses:\s*['"]?(?<action>[^\s'"#]+)/;

/**
 * Whether the GitHub actions of others are pinned to a commit. A tag is whatever its owner, or who has taken
 * over the owner's account, says it is today.
 */
export function pinnedActions(root: string): Check {
  const files = globSync('.github/{workflows,actions/*}/*.{yml,yaml}', { cwd: root }).sort();
  const uses = files.flatMap((file) =>
    readFileSync(join(root, file), 'utf8')
      .split('\n')
      .flatMap((line, index) => {
        const action = USES.exec(line)?.groups?.['action'];
        // An action of our own is part of the commit that runs it.
        return action === undefined || action.startsWith('./') ? [] : [{ file, line: index + 1, action }];
      }),
  );
  return checked(
    'Pinned actions',
    `${uses.length} uses in ${files.length} files of .github`,
    uses
      .filter(({ action }) => !/@[\da-f]{40}$/.test(action))
      .map(({ file, line, action }) => `${file}:${line}: ${action} is not pinned to a commit`),
  );
}
