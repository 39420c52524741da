import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import postgres from 'postgres';
import { startFleet, type Fleet } from './fleet.ts';
import { dashboards, queriesOf, rulesOf, services } from './repository.ts';
import { linesOf, tried } from './runbooks.ts';
import { scrapeOf, unknownIn, withDerived, type Scrape } from './scrape.ts';

let fleet: Fleet;
const scrapes = new Map<string, Scrape>();

beforeAll(async () => {
  fleet = await startFleet();
  for (const { name } of services) {
    const recorded = rulesOf(name).flatMap((rule) => ('record' in rule ? [rule.record] : []));
    scrapes.set(name, withDerived(scrapeOf(await fleet.services.get(name)!.metrics()), recorded));
  }
}, 400_000);
afterAll(() => fleet?.close());

/** A service without jobs of its own has no series of them; pg-boss has a queue for itself. */
const hasJobs = (scrape: Scrape) =>
  [...(scrape.get('mcp_job_queue_ready')?.get('queue') ?? [])].some((queue) => !queue.startsWith('__'));

const problemsOf = (exprs: readonly string[], name: string) => {
  const scrape = scrapes.get(name)!;
  return exprs
    .filter((expr) => hasJobs(scrape) || !/\bmcp_job(s|_)/.test(expr))
    .flatMap((expr) => unknownIn(expr, scrape));
};

/** What no single service knows all of. */
const strange = (exprs: readonly string[]) =>
  exprs.filter((expr) => services.every(({ name }) => unknownIn(expr, scrapes.get(name)!).length > 0));

/** Runs SQL as somebody who sees all tenants, and undoes it. */
async function rehearse(service: string, work: (sql: postgres.Sql) => Promise<void>): Promise<void> {
  const sql = postgres(fleet.services.get(service)!.database.superuserUrl, { max: 1, onnotice: () => {} });
  const undone = new Error('undone');
  try {
    await sql.begin(async (transaction) => {
      await work(transaction as unknown as postgres.Sql);
      throw undone;
    });
  } catch (error) {
    if (error !== undone) throw error;
  } finally {
    await sql.end();
  }
}

describe.each(services)('the running service $name', ({ name, dependencies }) => {
  it('calls the services that tools/dashboards knows of', () => {
    const called = scrapes.get(name)!.get('mcp_dependency_requests_total')?.get('dependency') ?? [];
    expect([...called].sort()).toEqual([...dependencies].sort());
  });

  it('exports every metric, label and value that its rules use', () => {
    expect(
      problemsOf(
        rulesOf(name).map(({ expr }) => expr),
        name,
      ),
    ).toEqual([]);
  });

  it('and those that its dashboard uses', () => {
    expect(
      problemsOf(
        queriesOf(dashboards.get(name)!).map(({ expr }) => expr),
        name,
      ),
    ).toEqual([]);
  });
});

describe('the running services', () => {
  it('export what the dashboard of the fleet uses', () => {
    expect(strange(queriesOf(dashboards.get('fleet')!).map(({ expr }) => expr))).toEqual([]);
  });

  it('export what the runbooks tell to look at', () => {
    expect(strange(linesOf('promql').map(({ line }) => line))).toEqual([]);
  });

  it.each(tried('sql'))(
    'have databases that can run the SQL of $page',
    async ({ text, services: concerned }) => {
      expect(concerned).not.toEqual([]);
      for (const name of concerned) await rehearse(name, async (sql) => void (await sql.unsafe(text)));
    },
  );

  it.each(tried('mcp'))(
    'have the tools that $page calls, and take the arguments',
    async ({ text, service }) => {
      const [, tool, args] = /^(\w+) (\{.*\})$/.exec(text)!;
      const running = fleet.services.get(service!)!;
      expect((await running.tools()).map(({ name }) => name)).toContain(tool);
      const { result } = await running.call(tool!, JSON.parse(args!) as Record<string, unknown>);
      expect(result).toBeDefined();
      expect(JSON.stringify(result)).not.toContain('validation_error');
    },
  );

  it('give dead jobs back to their queue as the runbook says', async () => {
    const giveBack = tried('sql').find(
      ({ page, text }) => page === 'jobs-dead' && text.startsWith('with dead'),
    )!;
    await rehearse('payments', async (sql) => {
      await sql`
        insert into pgboss.job (name, data, source_name) values
          ('provider-news.dead', '{"payload": {"payment_id": "pay_1"}, "tenant": "acme"}', 'provider-news'),
          ('unfinished-payment-operations.dead', '{}', 'unfinished-payment-operations')`;
      await sql.unsafe(giveBack.text);
      const [queue] = await sql`select retry_limit from pgboss.queue where name = 'provider-news'`;
      const jobs = await sql`
        select name, state, data ->> 'tenant' as tenant, retry_limit, dead_letter from pgboss.job
        where name like 'provider-news%' or name like 'unfinished-payment-operations%' order by name`;
      expect(jobs.map((job) => ({ ...job }))).toEqual([
        {
          name: 'provider-news',
          state: 'created',
          tenant: 'acme',
          retry_limit: queue!['retry_limit'],
          dead_letter: 'provider-news.dead',
        },
        expect.objectContaining({ name: 'unfinished-payment-operations.dead' }),
      ]);
    });
  });
});
