import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Makes a key and a self-signed certificate for all names of a domain, where the configuration has them.
 *
 * @param folder - of nginx.conf
 * @returns the certificate, for clients to trust
 */
export function makeCertificate(folder: string, domain: string): string {
  const tls = join(folder, 'tls');
  mkdirSync(tls);
  const certificate = join(tls, 'tls.crt');
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
      ...['-subj', `/CN=${domain}`, '-addext', `subjectAltName=DNS:*.${domain}`],
      ...['-keyout', join(tls, 'tls.key'), '-out', certificate],
    ],
    { stdio: 'pipe' },
  );
  return readFileSync(certificate, 'utf8');
}
