import { execFile } from 'node:child_process';
import { checked, notChecked, type Check } from './check.ts';

/** From this severity on a known vulnerability fails the scan; what is below is counted. */
const FAILING = new Set(['high', 'critical']);

/** Of npm's answer what is read; with a `message` instead of vulnerabilities it could not ask. */
interface Audit {
  readonly vulnerabilities?: Readonly<Record<string, Vulnerability>>;
  readonly message?: string;
}

interface Vulnerability {
  readonly severity: string;
  readonly range: string;
  /** An advisory, or the name of the dependency that has one. */
  readonly via: readonly (string | { readonly title: string; readonly url: string })[];
}

/** Whether a vulnerability is known of what is installed, if the npm registry answers to that question. */
export async function advisories(root: string): Promise<Check> {
  const name = 'Known vulnerabilities';
  const { vulnerabilities, message } = await npmAudit(root);
  if (!vulnerabilities) return notChecked(name, `npm audit: ${message}`);
  const all = Object.entries(vulnerabilities);
  const failing = all.filter(([, { severity }]) => FAILING.has(severity));
  return checked(
    name,
    `${all.length - failing.length} below the severity "high"`,
    failing.map(
      ([dependency, { severity, range, via }]) => `${dependency} ${range}, ${severity}: ${reasons(via)}`,
    ),
  );
}

function reasons(via: Vulnerability['via']): string {
  return via
    .map((each) => (typeof each === 'string' ? `through ${each}` : `${each.title} ${each.url}`))
    .join(', ');
}

/** npm ends with 1 if it has found something, and if it could not ask; its answer tells which. */
function npmAudit(root: string): Promise<Audit> {
  return new Promise((resolve) => {
    const options = { cwd: root, maxBuffer: 1 << 28, timeout: 60_000 };
    execFile('npm', ['audit', '--json'], options, (error, stdout) => {
      try {
        resolve(JSON.parse(stdout) as Audit);
      } catch {
        resolve({ message: error?.killed ? 'no answer in time' : (error?.message ?? 'no answer') });
      }
    });
  });
}
