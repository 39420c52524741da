import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { ConfigError } from './config-error.ts';
import { Config, loadConfig } from './config.ts';
import { flag, list } from './schemas.ts';
import type { Secret } from './secret.ts';
import { defineSettings, secret, setting } from './settings.ts';

const description = 'Why it is there.';

const database = defineSettings('database', {
  url: secret('MCP_DATABASE_URL', z.url(), { description: 'Connection of the service role.' }),
  poolSize: setting('MCP_DATABASE_POOL_SIZE', z.coerce.number().int().min(1).max(200).default(10), {
    description: 'Connections kept open.',
  }),
});

const http = defineSettings('http', {
  port: setting('MCP_HTTP_PORT', z.coerce.number().int().min(0).max(65_535), { description }),
  origins: setting('MCP_HTTP_ORIGINS', list(z.url()).default([]), { description }),
  trustProxy: setting('MCP_HTTP_TRUST_PROXY', flag().optional(), { description }),
});

const valid = { MCP_DATABASE_URL: 'postgres://localhost/records', MCP_HTTP_PORT: '3000' };

function problemsOf(
  env: Record<string, string>,
  groups = [database, http] as Parameters<typeof loadConfig>[0],
): ConfigError {
  try {
    Config.of(groups, env);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('The environment was accepted.');
}

describe('loadConfig', () => {
  it('gives the typed values of each group', () => {
    const config = Config.of([database, http], {
      ...valid,
      MCP_HTTP_ORIGINS: 'https://a.test, https://b.test',
      PATH: '/bin',
    });
    expect(config.get(database).url.value()).toBe('postgres://localhost/records');
    expect(config.get(database).poolSize).toBe(10);
    expect(config.get(http)).toEqual({
      port: 3000,
      origins: ['https://a.test', 'https://b.test'],
      trustProxy: undefined,
    });
  });

  it('reads the environment of the process unless told otherwise', () => {
    const group = defineSettings('process', { path: setting('PATH', z.string(), { description }) });
    expect(loadConfig([group]).get(group).path).toBe(process.env['PATH']);
  });

  it('takes a blank variable for one that is not set', () => {
    const config = Config.of([database], {
      MCP_DATABASE_URL: valid.MCP_DATABASE_URL,
      MCP_DATABASE_POOL_SIZE: ' ',
    });
    expect(config.get(database).poolSize).toBe(10);
  });

  it('lists every problem in one message, each with what the variable is for', () => {
    const error = problemsOf({
      MCP_DATABASE_POOL_SIZE: '500',
      MCP_HTTP_PORT: 'http',
      MCP_HTTP_TRUST_PROXY: 'yes',
      MCP_HTP_PORT: '1',
    });
    expect(error.message).toBe(
      [
        'The configuration has 5 problems:',
        '',
        '  MCP_DATABASE_URL is required; set it, or MCP_DATABASE_URL_FILE to the path of a file with it.',
        '    Connection of the service role.',
        '',
        '  MCP_DATABASE_POOL_SIZE is "500": Too big: expected number to be <=200.',
        '    Connections kept open.',
        '',
        '  MCP_HTTP_PORT is "http": Invalid input: expected number, received NaN.',
        '    Why it is there.',
        '',
        '  MCP_HTTP_TRUST_PROXY is "yes": expected true, false, 1 or 0.',
        '    Why it is there.',
        '',
        '  MCP_HTP_PORT is not a known variable. Did you mean MCP_HTTP_PORT?',
      ].join('\n'),
    );
    expect(error.problems.map(({ variable }) => variable)).toEqual([
      'MCP_DATABASE_URL',
      'MCP_DATABASE_POOL_SIZE',
      'MCP_HTTP_PORT',
      'MCP_HTTP_TRUST_PROXY',
      'MCP_HTP_PORT',
    ]);
  });

  it('points at the wrong item of a list', () => {
    expect(problemsOf({ ...valid, MCP_HTTP_ORIGINS: 'https://a.test,nonsense' }).message).toContain(
      'item 2 Invalid URL',
    );
  });

  it('shortens what it quotes', () => {
    expect(problemsOf({ ...valid, MCP_HTTP_PORT: '9'.repeat(10_000) }).message.length).toBeLessThan(400);
  });

  it('refuses unknown MCP_ variables without showing what they hold', () => {
    const error = problemsOf({
      ...valid,
      MCP_DATABASE_URL_FIL: 'hunter2',
      MCP_WHATEVER: 'hunter2',
      OTHER: 'x',
    });
    expect(error.message).toContain(
      'MCP_DATABASE_URL_FIL is not a known variable. Did you mean MCP_DATABASE_URL_FILE?',
    );
    expect(error.message).toContain('MCP_WHATEVER is not a known variable.');
    expect(error.message).not.toContain('hunter2');
    expect(error.problems).toHaveLength(2);
  });

  it('reads files for secrets only', () => {
    expect(problemsOf({ ...valid, MCP_DATABASE_POOL_SIZE_FILE: '/tmp/size' }).message).toContain(
      'not a known variable',
    );
  });

  it('knows the variables that Kubernetes makes of a Service', () => {
    const error = problemsOf({
      ...valid,
      MCP_RECORDS_SERVICE_HOST: '10.0.0.1',
      MCP_RECORDS_PORT_80_TCP: 'tcp://10.0.0.1:80',
    });
    expect(error.problems.every(({ problem }) => problem.includes('enableServiceLinks: false'))).toBe(true);
  });

  it('does not start with a schema that throws, and does not repeat what it threw', () => {
    const group = defineSettings('json', {
      key: secret(
        'MCP_KEY',
        z.string().transform((text) => JSON.parse(text) as string),
        { description },
      ),
    });
    expect(problemsOf({ MCP_KEY: 'hunter2' }, [group]).message).toContain('MCP_KEY is invalid.');
    expect(problemsOf({ MCP_KEY: 'hunter2' }, [group]).message).not.toContain('hunter');
  });

  it('refuses one variable with two definitions', () => {
    const other = defineSettings('other', { port: setting('MCP_HTTP_PORT', z.string(), { description }) });
    expect(() => Config.of([http, other], valid)).toThrow(
      'MCP_HTTP_PORT is defined twice: in "http" and in "other".',
    );
    const file = defineSettings('file', {
      path: setting('MCP_DATABASE_URL_FILE', z.string(), { description }),
    });
    expect(() => Config.of([database, file], valid)).toThrow('MCP_DATABASE_URL_FILE is taken');
  });

  it('lets two groups share one definition', () => {
    const shared = defineSettings('shared', { url: database.settings.url });
    const config = Config.of([database, shared, database], { MCP_DATABASE_URL: valid.MCP_DATABASE_URL });
    expect(config.get(shared).url).toBe(config.get(database).url);
  });
});

describe('Config', () => {
  it('refuses a group that was not loaded', () => {
    expect(() => Config.of([], {}).get(http)).toThrow('The settings "http" were not loaded');
  });

  it('cannot be changed', () => {
    const values = Config.of([http], { MCP_HTTP_PORT: '1' }).get(http) as { port: number };
    expect(() => (values.port = 2)).toThrow(TypeError);
  });

  it('describes every variable, secrets redacted', () => {
    const optional = defineSettings('optional', {
      key: secret('MCP_KEY', z.string().optional(), { description }),
    });
    const config = Config.of([database, optional], { MCP_DATABASE_URL: valid.MCP_DATABASE_URL });
    expect(config.describe()).toEqual([
      {
        name: 'MCP_SECRET_POLL_SECONDS',
        value: 10,
        source: 'default',
        description: 'Seconds between two looks at the secret files.',
        secret: false,
        group: 'config',
      },
      {
        name: 'MCP_DATABASE_URL',
        value: '[redacted]',
        source: 'environment',
        description: 'Connection of the service role.',
        secret: true,
        group: 'database',
      },
      {
        name: 'MCP_DATABASE_POOL_SIZE',
        value: 10,
        source: 'default',
        description: 'Connections kept open.',
        secret: false,
        group: 'database',
      },
      { name: 'MCP_KEY', value: undefined, source: 'default', description, secret: true, group: 'optional' },
    ]);
  });

  it('types a secret as a Secret', () => {
    const url: Secret = Config.of([database], { MCP_DATABASE_URL: valid.MCP_DATABASE_URL }).get(database).url;
    expect(`${url}`).toBe('[redacted]');
  });
});
