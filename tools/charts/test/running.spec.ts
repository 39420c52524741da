import { afterAll, beforeAll, expect, it } from '@jest/globals';
import {
  createTestDatabase,
  freePort,
  spawnService,
  startIssuer,
  type TestDatabase,
  type TestIssuer,
} from '@gantry/testing';
import { join } from 'node:path';
import { ROOT } from '../src/folders.ts';
import { Charts } from './charts.ts';
import { describeWithHelm } from './helm-here.ts';
import { handMadeSecrets, presentFor, StartedContainer, type Secrets } from './kubelet.ts';
import { podsOf, type Manifest } from './manifest.ts';

/** How long a process may take to compile its sources and start, while others do the same. */
const START_MS = 60_000;

/** As a cluster would do it, with the real programs, but with processes for pods. */
describeWithHelm('an installation', () => {
  let charts: Charts;
  let database: TestDatabase;
  let issuer: TestIssuer;

  beforeAll(async () => {
    charts = new Charts();
    database = await createTestDatabase();
    issuer = await startIssuer();
  });
  afterAll(async () => {
    charts.close();
    await issuer.close();
    await database.drop();
  });

  /** Secrets as somebody makes them by hand, with the roles of the database. */
  function secretsFor(manifests: readonly Manifest[], { serviceUrl, ownerUrl }: TestDatabase): Secrets {
    const secrets = handMadeSecrets(manifests);
    for (const values of secrets.values()) {
      if ('MCP_DATABASE_URL' in values) values['MCP_DATABASE_URL'] = serviceUrl;
      if ('MCP_MIGRATION_DATABASE_URL' in values) values['MCP_MIGRATION_DATABASE_URL'] = ownerUrl;
    }
    return secrets;
  }

  it('migrates an empty database, then serves, then stops when told to', async () => {
    const manifests = charts.render('records', {
      settings: { MCP_AUTH_ISSUER: issuer.url },
      secrets: { variables: { MCP_REDIS_URL: null } },
      shutdown: { delaySeconds: 1 },
    });
    const secrets = secretsFor(manifests, database);
    const pod = (kind: string) => {
      const { owner, spec } = podsOf(manifests).find((one) => one.owner.kind === kind)!;
      return { spec, container: new StartedContainer(spec, presentFor(owner, manifests), secrets) };
    };
    const main = ['--import', '@gantry/testing/typescript', join(ROOT, 'apps/records/src/main.ts')];

    using migration = pod('Job').container;
    const job = await spawnService(process.execPath, [...main, 'migrate'], { env: bare(migration.env) });

    expect([await job.exited, job.stderr]).toEqual([
      { code: 0, signal: null },
      expect.stringContaining('applied'),
    ]);

    const { spec, container } = pod('Deployment');
    using server = container;
    const port = String(await freePort());
    const service = await spawnService(process.execPath, main, {
      env: bare({ ...server.env, MCP_PORT: port }),
      ready: `http://127.0.0.1:${port}${probe(spec.containers[0]!, 'readinessProbe')}`,
      readyWithinMs: START_MS,
    });
    expect((await fetch(`http://127.0.0.1:${port}${probe(spec.containers[0]!, 'livenessProbe')}`)).ok).toBe(
      true,
    );

    expect(await service.stop(spec.terminationGracePeriodSeconds! * 1_000)).toEqual({
      code: 0,
      signal: null,
    });
  }, 120_000);
});

/** A process has what its container has, and nothing of the shell that the tests run in. */
function bare(env: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const removed = Object.keys(process.env).map((name) => [name, undefined]);
  return { ...Object.fromEntries(removed), PATH: process.env['PATH'], ...env };
}

function probe(container: unknown, name: string): string {
  return (container as Record<string, { httpGet: { path: string } }>)[name]!.httpGet.path;
}
