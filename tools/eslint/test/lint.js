import { ESLint } from 'eslint';
import { join } from 'node:path';
import tseslint from 'typescript-eslint';

const cwd = join(import.meta.dirname, '../../..');

/** Without types a snippet can stand at a path where there is no file. */
const withoutTypes = { ...tseslint.configs.disableTypeChecked, files: ['**/*.ts'] };

const untyped = new ESLint({ cwd, overrideConfig: withoutTypes });
const typed = new ESLint({ cwd });

/** What the workspace's lint says about a snippet at a path, as "rule: message". */
export function lint(path, code) {
  return messages(untyped, path, code);
}

/** The same with types. There must be a file at the path; the snippet takes its place. */
export function lintWithTypes(path, code) {
  return messages(typed, path, code);
}

async function messages(eslint, path, code) {
  const [result] = await eslint.lintText(code, { filePath: join(cwd, path) });
  return result.messages.map(({ ruleId, message }) => `${ruleId}: ${message}`);
}
