import { execFileSync } from 'node:child_process';
import js from '@nx/js/src/release/version-actions';

/** Projects get their versions as Nx gives them to packages of npm. */
export default js.default;

/** What writes the versions of services down elsewhere, and where. */
const FOLLOWERS = [
  {
    program: ['--import', '@gantry/testing/typescript', 'tools/charts/src/main.ts', 'write'],
    folder: 'deploy/charts',
  },
  { program: ['tools/contract/src/main.ts', 'docs'], folder: 'docs/reference' },
] as const;

/**
 * Brings the lock file, the charts and the reference after the versions, for the commit that `nx release` makes and tags.
 * A chart with the version of the release before would be refused by CI.
 */
export const afterAllProjectsVersioned: typeof js.afterAllProjectsVersioned = async (cwd, options) => {
  const { changedFiles, deletedFiles } = await js.afterAllProjectsVersioned(cwd, options);
  if (options.dryRun) return { changedFiles, deletedFiles };
  for (const { program } of FOLLOWERS)
    execFileSync(process.execPath, ['--conditions=@gantry/source', ...program], { cwd, stdio: 'inherit' });
  const written = FOLLOWERS.flatMap(({ folder }) => changedIn(cwd, folder));
  return { changedFiles: [...changedFiles, ...written], deletedFiles };
};

function changedIn(cwd: string, folder: string): string[] {
  const changed = execFileSync('git', ['diff', '--name-only', '--', folder], { cwd, encoding: 'utf8' });
  return changed.split('\n').filter(Boolean);
}
