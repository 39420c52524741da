import { startIssuer, startTestPostgres, type TestIssuer } from '@gantry/testing';
import { readFile } from 'node:fs/promises';
import { atMost } from './at-most.ts';
import { runAuthChecks } from './auth/auth-check.ts';
import { authChecks } from './auth/auth-checks.ts';
import { parseExpectedFailures, type ExpectedFailures } from './official/expected-failures.ts';
import { judge } from './official/judge.ts';
import { suitePlans, type SuitePlan } from './official/suite-plans.ts';
import { runSuite } from './official/suite.ts';
import type { AuthOutcome, OfficialOutcome, Report } from './report.ts';
import { SERVICES, serverPlan } from './servers/server-plans.ts';
import { startServer, type TestedServer } from './servers/start-server.ts';

/** What can be run by itself. */
export const SUITES = ['fixture', 'tasks', 'services', 'auth'] as const;

/** See {@link SUITES}. */
export type Suite = (typeof SUITES)[number];

/** Some checks give a stream half a second: more programs at once than this would make them fail for want of a processor. */
const AT_ONCE = 3;

/** Starts what the suites need, runs them, and stops it. */
export async function runConformance(suites: readonly Suite[], say: (line: string) => void): Promise<Report> {
  const plans = suitePlans.filter(({ suite }) => suites.includes(suite));
  const audited = suites.includes('auth') ? SERVICES : [];
  const names = new Set([...plans.map(({ server }) => server), ...audited]);
  say(`Starting ${[...names].join(', ')} …`);
  await using stack = new AsyncDisposableStack();
  const postgres = await startTestPostgres();
  stack.defer(() => postgres.stop());
  process.env['GANTRY_TEST_POSTGRES_URL'] = postgres.url;
  say(postgres.description);
  const [issuer, stranger] = await Promise.all([startIssuer(), startIssuer()]);
  stack.defer(() => Promise.all([issuer.close(), stranger.close()]).then(() => {}));
  const servers = await Promise.all(
    [...names].map(async (name) =>
      stack.adopt(await startServer(await serverPlan(name), issuer), (it) => it.close()),
    ),
  );
  const find = (name: string) => servers.find((server) => server.name === name)!;
  const [official, auth] = await Promise.all([
    atMost(AT_ONCE, plans, async (plan) => {
      const outcome = await runPlan(plan, find(plan.server));
      say(
        `${plan.server} ${plan.revision}: ${outcome.scenariosPassed} of ${outcome.scenarios} scenarios pass`,
      );
      return outcome;
    }),
    Promise.all(audited.map((name) => audit(find(name), issuer, stranger))),
  ]);
  return { official, auth };
}

async function runPlan(plan: SuitePlan, server: TestedServer): Promise<OfficialOutcome> {
  const { suite, revision, select, expected } = plan;
  const files = await Promise.all(expected.map(readExpectedFailures));
  const runs = await runSuite(server.openUrl, revision, select);
  return {
    suite,
    revision,
    server: server.name,
    ...judge(runs, new Map(files.flatMap((file) => [...file]))),
  };
}

async function audit(
  { name, url }: TestedServer,
  issuer: TestIssuer,
  stranger: TestIssuer,
): Promise<AuthOutcome> {
  return {
    server: name,
    checks: await runAuthChecks(authChecks, { name, url, issuer, stranger }),
  };
}

async function readExpectedFailures(name: string): Promise<ExpectedFailures> {
  const file = new URL(`../expected-failures/${name}.yaml`, import.meta.url);
  try {
    return parseExpectedFailures(await readFile(file, 'utf8'));
  } catch (error) {
    throw new Error(`expected-failures/${name}.yaml: ${(error as Error).message}`, { cause: error });
  }
}
