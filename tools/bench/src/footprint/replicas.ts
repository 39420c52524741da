import { freePort, spawnService } from '@gantry/testing';
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { delimiter } from 'node:path';
import { WORK } from '../lab/folders.ts';
import { loadOnce, type Effort } from '../measure/rounds.ts';
import { spread, type Spread } from '../measure/statistics.ts';
import { endProgress, progress } from '../progress.ts';
import type { Contender } from '../scenarios/contender.ts';
import type { Kit } from '../scenarios/kit.ts';
import { gantry } from '../scenarios/trivial.ts';

/** What several replicas serve together. */
export interface ReplicaFigures {
  readonly replicas: number;
  readonly requestsPerSecond: Spread;
  readonly p99: Spread;
  readonly failures: number;
}

const COUNTS = [1, 2, 4];

/** Enough to keep all of them busy. */
const CONNECTIONS = 64;

/** Where Debian has nginx, which is not in every user's path. */
const PATH = [process.env['PATH'], '/usr/sbin'].join(delimiter);

/** Why there is nothing to see, or not the whole; undefined if all is well. */
export function limitOfReplicas(processors = cpus().length): string | undefined {
  // One for the load generator, one for nginx, and one for each replica.
  if (processors >= 2 + Math.max(...COUNTS)) return undefined;
  return `${processors} processors for load generator, nginx and replicas: how replicas scale cannot be seen here.`;
}

export function hasNginx(): boolean {
  return spawnSync('nginx', ['-v'], { env: { ...process.env, PATH } }).error === undefined;
}

/** Measures one, two and four replicas behind nginx; they may use all processors. */
export async function measureReplicas(kit: Kit, effort: Effort): Promise<ReplicaFigures[]> {
  const figures: ReplicaFigures[] = [];
  for (const replicas of COUNTS) {
    progress(`replicas: ${replicas} behind nginx …`);
    figures.push(await measureFleet(kit, effort, replicas));
  }
  endProgress();
  return figures;
}

async function measureFleet(kit: Kit, effort: Effort, replicas: number): Promise<ReplicaFigures> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/mcp`;
  const fleet: Contender[] = [];
  try {
    const options = { env: { MCP_AUTH_AUDIENCE: url }, anywhere: true };
    for (let index = 0; index < replicas; index++) fleet.push(await gantry(kit, options).start());
    const nginx = await startNginx(
      port,
      fleet.map(({ order }) => new URL(order.url).host),
    );
    try {
      const tokens = await kit.lab.tokens(url, ['bench:read'], 100);
      const behind: Contender = { ...fleet[0]!, order: { ...fleet[0]!.order, url, tokens } };
      const wide = { connections: CONNECTIONS };
      await loadOnce(kit.lab.load, behind, wide, effort.warmUp);
      const results = [];
      for (let round = 0; round < effort.rounds; round++)
        results.push(await loadOnce(kit.lab.load, behind, wide, effort.requests));
      return {
        replicas,
        requestsPerSecond: spread(results.map(({ seconds }) => effort.requests / seconds)),
        p99: spread(results.map(({ p99 }) => p99)),
        failures: results.reduce(
          (sum, { failures, wrong }) => sum + wrong + Object.values(failures).reduce((a, b) => a + b, 0),
          0,
        ),
      };
    } finally {
      await nginx.stop();
    }
  } finally {
    await Promise.all(fleet.map(({ server }) => server.stop()));
  }
}

async function startNginx(port: number, upstreams: readonly string[]) {
  const folder = `${WORK}/nginx`;
  mkdirSync(`${folder}/temp`, { recursive: true });
  writeFileSync(`${folder}/nginx.conf`, configuration(port, upstreams));
  return spawnService('nginx', ['-p', folder, '-c', `${folder}/nginx.conf`, '-e', 'stderr'], {
    env: { PATH },
    ready: /start worker process \d/,
  });
}

/** Nothing but passing on over connections that stay open. */
export function configuration(port: number, upstreams: readonly string[]): string {
  return `
daemon off;
worker_processes 2;
pid nginx.pid;
error_log stderr notice;
events { worker_connections 1024; }
http {
  access_log off;
  client_body_temp_path temp/body;
  proxy_temp_path temp/proxy;
  fastcgi_temp_path temp/fastcgi;
  uwsgi_temp_path temp/uwsgi;
  scgi_temp_path temp/scgi;
  keepalive_requests 1000000;
  upstream replicas {
${upstreams.map((host) => `    server ${host};`).join('\n')}
    keepalive 64;
    keepalive_requests 1000000;
  }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://replicas;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $host;
    }
  }
}
`;
}
