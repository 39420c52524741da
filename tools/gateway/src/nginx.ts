import { freePort, spawnService, waitFor } from '@gantry/testing';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { makeCertificate } from './certificate.ts';
import { gatewayTemplate, render } from './template.ts';

const DOMAIN = 'example.com';

/** Nobody listens there. */
const NOWHERE = '127.0.0.1:9';

/** Where Debian has nginx, which is not in every user's path. */
const PATH = [process.env['PATH'], '/usr/sbin'].join(delimiter);

/** What the official image has around the rendered file, but with all files in one folder, and run by anybody. */
const NGINX_CONF = `
worker_processes 2;
pid nginx.pid;
error_log stderr notice;
events { worker_connections 1024; }
http {
  default_type application/octet-stream;
  client_body_temp_path temp/body;
  proxy_temp_path temp/proxy;
  fastcgi_temp_path temp/fastcgi;
  uwsgi_temp_path temp/uwsgi;
  scgi_temp_path temp/scgi;
  access_log off;
  sendfile on;
  keepalive_timeout 65;
  include conf.d/*.conf;
}
`;

/** Where the servers are: `host:port`; one that is left out is nowhere. */
export interface Upstreams {
  readonly records?: string;
  readonly payments?: string;
  readonly orders?: string;
}

/** An nginx with the shipped configuration, on loopback. */
export interface Gateway {
  readonly port: number;
  /** To be trusted by clients. */
  readonly certificate: string;
  /** Public MCP endpoint of a server. */
  url(service: keyof Upstreams): string;
  /** What it logs of the request that was answered with these headers. */
  logOf(answer: Headers): Promise<Record<string, unknown>>;
  /** What else it has to say: its error log. */
  readonly errorLog: string;
  stop(): Promise<void>;
}

/** Why there can be no gateway on this machine, if so. */
export function whatIsMissing(): string | undefined {
  const missing = ['nginx', 'openssl'].filter(
    (program) => spawnSync(program, ['-v'], { env: { ...process.env, PATH } }).error,
  );
  return missing.length === 0 ? undefined : `install ${missing.join(' and ')}`;
}

/**
 * Starts nginx with the shipped configuration.
 *
 * @param adapt - changes the template, for a test that cannot wait as long as the real one does
 */
export async function startGateway(upstreams: Upstreams, adapt = unchanged): Promise<Gateway> {
  const port = await freePort();
  const { folder, certificate } = prepare(port, upstreams, adapt);
  const nginx = await spawnService('nginx', [...argumentsFor(folder), '-g', 'daemon off;'], {
    env: { PATH },
    ready: /start worker process \d/,
  }).catch((error: unknown) => {
    rmSync(folder, { recursive: true });
    throw error;
  });
  return {
    port,
    certificate,
    url: (service) => `https://${service}.${DOMAIN}:${port}/mcp`,
    logOf: (answer) =>
      // After the answer has been sent.
      waitFor(() =>
        readFileSync(join(folder, 'access.log'), 'utf8')
          .split('\n')
          .filter(Boolean)
          .map((line) => JSON.parse(line) as Record<string, unknown>)
          .find(({ request_id }) => request_id === answer.get('x-request-id')),
      ),
    get errorLog() {
      return nginx.stderr;
    },
    stop: async () => {
      await nginx.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

/** What `nginx -t` says to the shipped configuration. */
export function checkConfiguration(): { passed: boolean; output: string } {
  const { folder } = prepare(8443, {}, unchanged);
  const { status, stderr } = spawnSync('nginx', [...argumentsFor(folder), '-t'], {
    env: { ...process.env, PATH },
    encoding: 'utf8',
  });
  rmSync(folder, { recursive: true });
  return { passed: status === 0, output: stderr };
}

const unchanged = (template: string): string => template;

function prepare(port: number, upstreams: Upstreams, adapt: typeof unchanged) {
  const folder = mkdtempSync(join(tmpdir(), 'gantry-gateway-'));
  for (const name of ['conf.d', 'temp']) mkdirSync(join(folder, name));
  const variables = {
    GATEWAY_DOMAIN: DOMAIN,
    GATEWAY_PORT: String(port),
    RECORDS_UPSTREAM: upstreams.records ?? NOWHERE,
    PAYMENTS_UPSTREAM: upstreams.payments ?? NOWHERE,
    ORDERS_UPSTREAM: upstreams.orders ?? NOWHERE,
  };
  writeFileSync(join(folder, 'nginx.conf'), NGINX_CONF);
  const rendered = render(adapt(gatewayTemplate()), variables);
  writeFileSync(join(folder, 'conf.d/default.conf'), rendered.replaceAll('/var/log/nginx', folder));
  return { folder, certificate: makeCertificate(folder, DOMAIN) };
}

function argumentsFor(folder: string): string[] {
  return ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', 'stderr'];
}
