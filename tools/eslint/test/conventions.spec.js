import { describe, expect, it } from '@jest/globals';
import { lint, lintWithTypes } from './lint.js';

const SOURCE = 'libs/config/src/new.ts';
const SPEC = 'libs/config/src/new.spec.ts';

describe('production code', () => {
  it.each([
    ['writes to the console', `console.error('oops');`, 'no-console'],
    [
      'writes to stdout',
      `process.stdout.write('oops');`,
      'stdout belongs to the MCP messages of the stdio transport',
    ],
    [
      'takes stdout from node:process',
      `import { stdout } from 'node:process';\n\nstdout.write('');`,
      'stdout belongs to',
    ],
    ['takes stdout out of process', `const { stdout } = process;\n\nstdout.write('');`, 'stdout belongs to'],
    ['says any', `/** A. */\nexport type A = any;`, 'no-explicit-any'],
    [
      'calls a class a manager',
      `/** A. */\nexport class OrderManager {}`,
      'Manager, Helper, Util and Data say nothing',
    ],
    [
      'calls an interface data',
      `/** A. */\nexport interface OrderData {\n  a: 1;\n}`,
      'Manager, Helper, Util and Data say nothing',
    ],
    ['goes on for more than 300 lines', '\n'.repeat(301), 'max-lines'],
    [
      'imports a type as a value',
      `import { Thing } from './thing.ts';\n\n/** A. */\nexport type A = Thing;`,
      'consistent-type-imports',
    ],
  ])('is refused if it %s', async (_, code, complaint) => {
    expect(await lint(SOURCE, code)).toEqual([expect.stringContaining(complaint)]);
  });

  it('may be about data', async () => {
    expect(await lint(SOURCE, `/** A. */\nexport class DataSource {}`)).toEqual([]);
  });
});

describe('what a library exports', () => {
  it.each([
    ['class', 'export class A {}'],
    ['function', 'export function a() {}'],
    ['constant', 'export const A = 1;'],
    ['arrow function', 'export const a = () => 1;'],
    ['interface', 'export interface A {\n  a: 1;\n}'],
    ['type', 'export type A = 1;'],
    ['enum', 'export enum A {}'],
  ])('has a comment: %s', async (_, code) => {
    expect(await lint(SOURCE, code)).toEqual([expect.stringContaining('jsdoc/require-jsdoc')]);
    expect(await lint(SOURCE, `/** What it is for. */\n${code}`)).toEqual([]);
  });

  it('has a comment in TSDoc', async () => {
    expect(await lint(SOURCE, `/** Takes {braces}. */\nexport type A = 1;`)).toEqual(
      expect.arrayContaining([expect.stringContaining('tsdoc/syntax')]),
    );
  });

  it('alone needs one', async () => {
    expect(await lint(SOURCE, 'function a() {}\n\na();')).toEqual([]);
    expect(await lint(SPEC, 'export function a() {}')).toEqual([]);
  });
});

describe('tests', () => {
  it.each([
    'it.only',
    'it.skip',
    'describe.only',
    'describe.skip',
    'test.todo',
    'it.only.each([])',
    'xit',
    'fdescribe',
  ])('do not use %s', async (call) => {
    const name = call.split('.')[0];
    const code = `import { ${name} } from '@jest/globals';\n\n${call}('x', () => {});\n`;
    expect(await lint(SPEC, code)).toEqual([expect.stringContaining('must not be committed')]);
  });

  it('may be skipped on a condition', async () => {
    const code = `import { it } from '@jest/globals';\n\n(process.getuid?.() === 0 ? it : it.skip)('x', () => {});\n`;
    expect(await lint(SPEC, code)).toEqual([]);
  });

  it('may print', async () => {
    expect(await lint(SPEC, `console.log('x');`)).toEqual([]);
  });
});

describe('with types', () => {
  const EXISTING = 'libs/config/src/secret.ts';

  it.each([
    ['a promise that nobody waits for', `Promise.resolve();`, 'no-floating-promises'],
    [
      'a promise where a condition is meant',
      `if (Promise.resolve(true)) process.exit();`,
      'no-misused-promises',
    ],
    [
      'a type that is exported as a value',
      `export { RotationProblem } from './rotating-secrets.ts';`,
      'consistent-type-exports',
    ],
    [
      'a value that came as any',
      `const a: number = JSON.parse('1');\n\nprocess.exit(a);`,
      'no-unsafe-assignment',
    ],
    ['a string that is thrown', `throw 'oops';`, 'only-throw-error'],
    [
      'a promise that leaves its try',
      `async function a() {\n  try {\n    return Promise.reject(new Error());\n  } catch {\n    return 1;\n  }\n}\n\nawait a();`,
      'return-await',
    ],
    [
      'a switch that forgets a case',
      `const a = process.pid as unknown as 'x' | 'y';\n\nswitch (a) {\n  case 'x':\n    process.exit();\n}`,
      'switch-exhaustiveness-check',
    ],
  ])('finds %s', async (_, code, rule) => {
    expect(await lintWithTypes(EXISTING, code)).toEqual([expect.stringContaining(rule)]);
  });
});
