import { afterEach, describe, expect, it } from '@jest/globals';
import { Config } from '@gantry/config';
import { Metrics } from '@gantry/observability';
import { startSimulator, type FaultPlan, type Simulator } from '@gantry/psp-simulator';
import { Resilience } from '@gantry/resilience';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { inspect } from 'node:util';
import { command, failureOf, providerOf, visa } from '../../test/stripe.ts';
import { ProviderDeclined, ProviderOutcomeUnknown, ProviderUnavailable } from './provider-failures.ts';
import { stripeProvider } from './stripe-provider.ts';
import { stripeSettings } from './stripe.config.ts';

const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function simulated(): Promise<Simulator> {
  const simulator = await startSimulator();
  closing.push(() => simulator.close());
  return simulator;
}

/** A server that is not Stripe. */
async function answering(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => (server.closeAllConnections(), server.close()));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const VISA = visa();

describe('a call of Stripe', () => {
  it('is repeated if it was not done', async () => {
    const simulator = await simulated();
    const busy = { count: 1, retryAfterSeconds: 0 };
    simulator.faults.plan({ kind: 'rate_limited', ...busy }, { kind: 'lock_timeout', ...busy });
    // One second each: a lock has no time to wait for, so it is Stripe's least.
    await providerOf(simulator.url).create(VISA, command());
    expect(simulator.effects()).toHaveLength(1);
    expect(simulator.faults.planned).toEqual([]);
  });

  it('is never repeated if it may have been done, not even by the SDK', async () => {
    const simulator = await simulated();
    const provider = providerOf(simulator.url);
    for (const kind of ['reset_before', 'reset_after', 'error_before'] as const) {
      simulator.faults.plan({ kind, count: 2 } satisfies FaultPlan);
      await failureOf(provider.create(VISA, command()));
      expect(simulator.faults.planned).toMatchObject([{ kind, count: 1 }]);
      simulator.faults.clear();
    }
  });

  it('is repeated, whatever went wrong, if it only asks', async () => {
    const simulator = await simulated();
    const provider = providerOf(simulator.url);
    const { id } = await provider.create(VISA, command());
    simulator.faults.plan({ kind: 'reset_after', count: 1 }, { kind: 'error_after', count: 1 });
    expect(await providerOf(simulator.url).retrieve(id, {})).toMatchObject({ id });
  });

  it('passes on how long to wait', async () => {
    const simulator = await simulated();
    simulator.faults.plan({ kind: 'rate_limited', retryAfterSeconds: 30 });
    const provider = providerOf(simulator.url, { attempts: 1 });
    expect(await failureOf(provider.create(VISA, command()))).toMatchObject({
      code: 'dependency_unavailable',
      retryable: true,
      retryAfterSeconds: 30,
    });
  });

  it('was not done if nobody was there to take it', async () => {
    const gone = await simulated();
    const { url } = gone;
    await gone.close();
    closing.length = 0;
    const plain = await answering((_, response) => response.end());
    for (const nobody of [url, 'http://nowhere.invalid', plain.replace('http', 'https')]) {
      const error = await failureOf(providerOf(nobody).create(VISA, command()));
      expect(error).toBeInstanceOf(ProviderUnavailable);
    }
  });

  it('is not made while the breaker is open', async () => {
    const simulator = await simulated();
    const provider = providerOf(simulator.url, {
      breaker: { opensAfter: { failuresInARow: 1 }, openMs: 60_000 },
    });
    simulator.faults.plan({ kind: 'error_before', count: 1 });
    expect(await failureOf(provider.create(VISA, command()))).toBeInstanceOf(ProviderOutcomeUnknown);
    const refused = await failureOf(provider.create(VISA, command()));
    expect(refused).toBeInstanceOf(ProviderUnavailable);
    expect(refused).toMatchObject({ retryable: true, retryAfterSeconds: expect.any(Number) });
    expect(simulator.effects()).toEqual([]);
  });

  it('leaves the breaker alone when Stripe says no', async () => {
    const simulator = await simulated();
    const provider = providerOf(simulator.url, { breaker: { opensAfter: { failuresInARow: 1 } } });
    const { id } = await provider.create({ ...VISA, paymentMethod: 'pm_card_chargeDeclined' }, command());
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const error = await failureOf(provider.confirm(id, command()));
      expect(error).not.toBeInstanceOf(ProviderUnavailable);
    }
    await provider.create(VISA, command());
  });

  it('is not made for a caller whose time is up or who has gone', async () => {
    const simulator = await simulated();
    const provider = providerOf(simulator.url);
    for (const over of [{ deadline: performance.now() - 1 }, { signal: AbortSignal.abort() }])
      expect(await failureOf(provider.create(VISA, { ...command(), ...over }))).toBeInstanceOf(
        ProviderUnavailable,
      );
    expect(simulator.effects()).toEqual([]);
  });

  it('is given up with its caller, and may have been done', async () => {
    const simulator = await simulated();
    const provider = providerOf(simulator.url);
    const gone = new AbortController();
    simulator.faults.plan({ kind: 'hang_after', count: 1 });
    const call = failureOf(provider.create(VISA, { ...command(), signal: gone.signal }));
    while (simulator.effects().length === 0) await pause(5);
    gone.abort();
    expect(await call).toBeInstanceOf(ProviderOutcomeUnknown);
  });

  it('is not known to be done while the same call runs, or if its key was used for another', async () => {
    const simulator = await simulated();
    const provider = providerOf(simulator.url);
    const key = command();
    simulator.faults.plan(
      { kind: 'hang_after', count: 1 },
      { kind: 'latency', milliseconds: 1_000, count: 2 },
    );
    simulator.faults.clear();
    simulator.faults.plan({ kind: 'latency', milliseconds: 1_000, count: 2 });
    const both = await Promise.allSettled([provider.create(VISA, key), provider.create(VISA, key)]);
    const refused = both.find(({ status }) => status === 'rejected');
    expect(refused).toMatchObject({ reason: expect.any(ProviderOutcomeUnknown) });
    const other = { ...VISA, money: { amount: 3_000, currency: 'EUR' } };
    expect(await failureOf(provider.create(other, key))).toBeInstanceOf(ProviderOutcomeUnknown);
    expect(simulator.effects()).toHaveLength(1);
  });
});

describe('an answer that is none', () => {
  it.each<[string, RequestListener]>([
    ['a page', (_, response) => response.writeHead(502).end('<html>4242424242424242</html>')],
    ['a page that says no', (_, response) => response.writeHead(403).end('<html></html>')],
    ['nothing', (_, response) => response.writeHead(200).end()],
    ['null', (_, response) => response.writeHead(200).end('null')],
    [
      'something else',
      (_, response) => response.writeHead(200).end('{"object":"customer","status":"succeeded"}'),
    ],
    ['a breakdown without an error', (_, response) => response.writeHead(500).end('{}')],
    [
      'half of one',
      (_, response) => {
        response.writeHead(200, { 'content-length': '100' }).write('{"object":');
        setTimeout(() => response.destroy(), 20);
      },
    ],
    [
      'a redirection',
      (_, response) => response.writeHead(302, { location: '/' }).end('{"error":{"type":"x"}}'),
    ],
  ])('leaves open what was done: %s', async (_, listener) => {
    const provider = providerOf(await answering(listener), { attempts: 1 });
    const unknown = await failureOf(provider.confirm('pi_1', command()));
    expect(unknown.constructor).toBe(ProviderOutcomeUnknown);
    expect(inspect(unknown, { depth: 9 })).not.toContain('4242');
    expect(await failureOf(provider.retrieve('pi_1', {}))).toBeInstanceOf(ProviderUnavailable);
  });
});

describe('what Stripe says', () => {
  it('reaches neither a caller nor a log in its own words', async () => {
    const simulator = await simulated();
    const provider = providerOf(simulator.url);
    const card = await failureOf(
      provider.create({ ...VISA, paymentMethod: 'pm_4242424242424242' }, command()),
    );
    const declined = await provider
      .create({ ...VISA, paymentMethod: 'pm_card_chargeDeclinedExpiredCard' }, command())
      .then(({ id }) => failureOf(provider.confirm(id, command())));
    for (const error of [card, declined]) {
      expect(error).toBeInstanceOf(ProviderDeclined);
      const everything = inspect(error, { depth: 9, showHidden: true }) + JSON.stringify(error);
      expect(everything).not.toMatch(/4242|No such|Your card|sk_test|client_secret/);
    }
    expect(declined.cause).toMatchObject({
      name: 'StripeFault',
      message: 'StripeCardError card_error expired_card',
      status: 402,
      requestId: expect.stringMatching(/^req_/),
    });
  });
});

describe('the settings', () => {
  const settings = (more: Record<string, string>) =>
    stripeProvider(
      Config.of([stripeSettings], { MCP_PAYMENTS_STRIPE_KEY: 'sk_test_1', ...more }),
      new Resilience({ registry: new Metrics().registry }),
    );

  it.each([
    [{ MCP_PAYMENTS_STRIPE_KEY: 'pk_test_1' }, 'secret or restricted'],
    [{ MCP_PAYMENTS_STRIPE_URL: 'ftp://127.0.0.1' }, 'http'],
    [{ MCP_PAYMENTS_STRIPE_URL: 'http://127.0.0.1/v1' }, 'path'],
    [{ MCP_PAYMENTS_STRIPE_URL: 'http://127.0.0.1', MCP_PAYMENTS_STRIPE_KEY: 'sk_live_1' }, 'live key'],
    [{ MCP_PAYMENTS_STRIPE_WEBHOOK_TOLERANCE_SECONDS: '0' }, 'TOLERANCE'],
  ])('are refused: %j', (wrong, why) => {
    expect(() => settings(wrong as unknown as Record<string, string>)).toThrow(why);
  });

  it('lead to Stripe if they say nothing else', () => {
    expect(settings({})).toBeDefined();
    expect(settings({ MCP_PAYMENTS_STRIPE_URL: 'https://[::1]' })).toBeDefined();
  });
});
