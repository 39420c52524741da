import { spawnSync } from 'node:child_process';
import { relative } from 'node:path';
import { checked, type Check } from './check.ts';

/** secretlint's recommended rules, and what of the repository looks like a secret to them but is none. */
const RULES = [
  {
    id: '@secretlint/secretlint-rule-preset-recommend',
    rules: [
      {
        id: '@secretlint/secretlint-rule-database-connection-string',
        options: {
          allows: [
            // The specs of the log's redaction: what they hide, and what they expect instead.
            '/:(s3cret|correct-horse-battery|\\[redacted\\])@db/',
            // A regular expression that reads the password of a URL.
            '/postgres:\\/\\/\\[\\^:\\]/',
          ],
        },
      },
    ],
  },
];

interface Scanned {
  readonly filePath: string;
  readonly messages: readonly {
    readonly ruleId: string;
    readonly message: string;
    readonly loc: { readonly start: { readonly line: number } };
  }[];
}

/** Whether a file that is committed, or could be with the next `git add`, has a secret in it. */
export function secrets(root: string): Check {
  const files = run(
    'git',
    ['ls-files', '--cached', '--others', '--exclude-standard', '-z', '--deduplicate'],
    root,
  )
    .split('\0')
    .filter((file) => file !== '');
  const scanned = scan(files, root);
  return checked(
    'Secrets',
    `${files.length} files that Git knows or would add`,
    scanned.flatMap(({ filePath, messages }) =>
      messages.map(
        ({ loc, message, ruleId }) =>
          // secretlint masks the value itself.
          `${relative(root, filePath)}:${loc.start.line}: ${message} (${ruleId.replace(/^.*secretlint-rule-/, '')})`,
      ),
    ),
  );
}

function scan(files: readonly string[], root: string): Scanned[] {
  if (files.length === 0) return [];
  const rules = JSON.stringify({ rules: RULES });
  return JSON.parse(
    run('secretlint', ['--format=json', '--no-glob', `--secretlintrcJSON=${rules}`, ...files], root),
  ) as Scanned[];
}

function run(program: string, args: readonly string[], cwd: string): string {
  // The JSON has the text of every file.
  const child = spawnSync(program, args, { cwd, encoding: 'utf8', maxBuffer: 1 << 28 });
  // secretlint ends with 1 if it has found something.
  if (child.error || (child.status !== 0 && !(program === 'secretlint' && child.status === 1))) {
    throw new Error(`${program} failed: ${child.error?.message ?? child.stderr}`);
  }
  return child.stdout;
}
