import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startIssuer, type TestIssuer } from '@gantry/testing';
import { http, inSeconds, listen, metrics, settingsFor, silent } from '../test/resource-server.ts';
import type { AuthSettings } from './auth.settings.ts';
import { IssuerHttp } from './issuer-http.ts';
import { IssuerKeys } from './issuer-keys.ts';

const AGES = { keysMaxAgeSeconds: 300, keysMaxStaleSeconds: 3_600, keysCooldownSeconds: 10 };

/** Waits for what runs in the background. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('IssuerKeys', () => {
  let issuer: TestIssuer;
  beforeEach(async () => {
    issuer = await startIssuer();
  });
  afterEach(() => issuer.close());

  function keysOf(
    overrides: Partial<AuthSettings> = {},
    log: ConstructorParameters<typeof IssuerKeys>[2] = silent,
  ) {
    return new IssuerKeys(settingsFor(issuer, { ...AGES, ...overrides }), http, log, metrics);
  }

  it('finds the keys through the metadata of the issuer, once for all who ask', async () => {
    const keys = keysOf();
    const sets = await Promise.all([keys.current(), keys.current(), keys.current()]);
    expect(new Set(sets).size).toBe(1);
    expect(sets[0]?.count).toBe(1);
    expect(issuer.requests).toMatchObject({ metadata: 1, jwks: 1 });
  });

  it('needs no metadata when it is told where the keys are', async () => {
    await keysOf({ issuer: undefined, jwksUrl: issuer.jwksUrl }).current();
    expect(issuer.requests).toMatchObject({ metadata: 0, jwks: 1 });
  });

  it('renews the keys in the background from half their age on', async () => {
    const keys = keysOf();
    const former = await keys.current();
    await issuer.rotate();
    await inSeconds(151, async () => {
      expect(await keys.current()).toBe(former);
      await until(() => keys.age < 150);
      expect(await keys.current()).not.toBe(former);
    });
    expect(issuer.requests.jwks).toBe(2);
  });

  it('hands out no keys that are over their age without having asked for newer ones', async () => {
    const keys = keysOf();
    const former = await keys.current();
    await issuer.rotate({ forgetFormer: true });
    await inSeconds(301, async () => {
      expect(await keys.current()).not.toBe(former);
    });
  });

  it('keeps the same set as long as the issuer publishes the same keys', async () => {
    const keys = keysOf();
    const former = await keys.current();
    await inSeconds(301, async () => expect(await keys.current()).toBe(former));
    expect(issuer.requests.jwks).toBe(2);
  });

  it('looks for newer keys no more than once per cool-down', async () => {
    const keys = keysOf();
    const former = await keys.current();
    await issuer.rotate();
    expect(await keys.newerThan(former)).toBeUndefined();
    expect(issuer.requests.jwks).toBe(1);
    await inSeconds(11, async () => {
      const newer = await Promise.all([keys.newerThan(former), keys.newerThan(former)]);
      expect(newer[0]).toBeDefined();
      expect(newer[1]).toBe(newer[0]);
      // Who comes late with the former set is told of the newer one without another question.
      expect(await keys.newerThan(former)).toBe(newer[0]);
    });
    expect(issuer.requests.jwks).toBe(2);
  });

  describe('while the issuer is away', () => {
    const unavailable = { code: 'dependency_unavailable', retryAfterSeconds: 5 };

    it('goes on with the known keys for a while, and not beyond', async () => {
      const keys = keysOf();
      const former = await keys.current();
      issuer.setUnavailable(true);
      await inSeconds(301, async () => expect(await keys.current()).toBe(former));
      await inSeconds(3_899, async () => expect(await keys.current()).toBe(former));
      await inSeconds(3_901, () => expect(keys.current()).rejects.toMatchObject(unavailable));
      issuer.setUnavailable(false);
      await inSeconds(3_903, async () => expect(await keys.current()).toBe(former));
    });

    it('has nothing to offer when it never knew any, and recovers by itself', async () => {
      issuer.setUnavailable(true);
      const keys = keysOf();
      await expect(keys.current()).rejects.toMatchObject(unavailable);
      await expect(keys.current()).rejects.toMatchObject(unavailable);
      // Two spellings of one metadata location, asked once: the second call came within the pause.
      expect(issuer.requests.metadata).toBe(2);
      issuer.setUnavailable(false);
      await inSeconds(2, async () => expect((await keys.current()).count).toBe(1));
    });

    it('says so in the log once, and again only after the issuer was back', async () => {
      const lines: string[] = [];
      const log = {
        info: (_: object, message: string) => void lines.push(message),
        warn: (_: object, message: string) => void lines.push(message),
      };
      const keys = keysOf({}, log);
      issuer.setUnavailable(true);
      for (const seconds of [0, 2, 4])
        await inSeconds(seconds, () => expect(keys.current()).rejects.toThrow());
      issuer.setUnavailable(false);
      await inSeconds(6, async () => void (await keys.current()));
      expect(lines).toEqual(["cannot fetch the issuer's keys", "took over the issuer's keys"]);
    });

    it('waits for it no longer than the timeout', async () => {
      const deaf = await listen(() => undefined);
      try {
        const impatient = new IssuerHttp({ timeoutMs: 50, allowInsecure: false });
        const keys = new IssuerKeys(settingsFor(deaf, AGES), impatient, silent, metrics);
        await expect(keys.current()).rejects.toMatchObject({
          ...unavailable,
          cause: { name: 'TimeoutError' },
        });
      } finally {
        await deaf.close();
      }
    });
  });

  it.each([
    ['no key set', 'nonsense', 'malformed'],
    ['HTML', '<html>', 'malformed'],
    ['a page without end', 'x'.repeat(600_000), 'larger than'],
  ])('does not take %s for keys', async (_, body, reason) => {
    const server = await listen((_request, response) => void response.end(body));
    try {
      const keys = keysOf({ jwksUrl: server.url });
      await expect(keys.current()).rejects.toMatchObject({
        cause: { message: expect.stringContaining(reason) },
      });
    } finally {
      await server.close();
    }
  });

  it('does not follow the issuer to another place', async () => {
    const server = await listen((_request, response) => {
      response.writeHead(302, { location: issuer.jwksUrl }).end();
    });
    try {
      await expect(keysOf({ jwksUrl: server.url }).current()).rejects.toMatchObject({
        code: 'dependency_unavailable',
      });
      expect(issuer.requests.jwks).toBe(0);
    } finally {
      await server.close();
    }
  });

  it('says what it lacks when neither issuer nor key set is configured', async () => {
    await expect(keysOf({ issuer: undefined }).current()).rejects.toMatchObject({
      cause: { message: 'No issuer is configured.' },
    });
  });
});
