import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { secrets } from '../src/secrets.ts';
import { checkout } from './checkout.ts';

/** A repository with these files; `.gitignore` is one of them if need be. */
function repository(files: Readonly<Record<string, string>>): string {
  const root = checkout(files);
  execFileSync('git', ['init', '--quiet'], { cwd: root });
  return root;
}

/** Secrets of the right form, made here: this file must not have one in it. */
const githubToken = () => `ghp_${randomBytes(27).toString('hex').slice(0, 36)}`;
const privateKey = () =>
  generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' });

describe('secrets', () => {
  it('passes files without one', () => {
    expect(secrets(repository({ 'a.ts': 'export const token = process.env.TOKEN;\n' }))).toMatchObject({
      result: 'passed',
      summary: '1 files that Git knows or would add',
    });
  });

  it('finds a token, committed or not yet, and does not print it', () => {
    const token = githubToken();
    const root = repository({ 'src/new.ts': `\nconst token = '${token}';\n`, 'known.ts': '' });
    execFileSync('git', ['add', 'known.ts'], { cwd: root });
    const { result, findings } = secrets(root);
    expect(result).toBe('failed');
    expect(findings).toEqual([expect.stringMatching(/^src\/new\.ts:2: found GitHub.*\(github\)$/i)]);
    expect(findings.join()).not.toContain(token);
  });

  it('finds a private key, and the password of a database', () => {
    const root = repository({
      'key.pem': String(privateKey()),
      'settings.env': `DATABASE_URL=postgres://app:${randomBytes(9).toString('hex')}@db.internal:5432/shop\n`,
    });
    expect(secrets(root).findings).toEqual([
      expect.stringContaining('(privatekey)'),
      expect.stringContaining('(database-connection-string)'),
    ]);
  });

  it('leaves out what Git ignores', () => {
    expect(secrets(repository({ '.gitignore': '.env\n', '.env': githubToken() })).result).toBe('passed');
  });

  it('says so if it cannot look', () => {
    expect(() => secrets(checkout({ 'a.ts': '' }))).toThrow('git failed');
  });
});
