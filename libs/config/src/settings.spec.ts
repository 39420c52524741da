import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { Config } from './config.ts';
import type { Secret } from './secret.ts';
import { defineSettings, secret, setting, type SettingsOf } from './settings.ts';

const description = 'd';

describe('setting', () => {
  it('refuses names that are no environment variables', () => {
    for (const name of ['mcp_port', 'MCP-PORT', 'MCP PORT', '1MCP', '']) {
      expect(() => setting(name, z.string(), { description })).toThrow(TypeError);
    }
  });

  it('refuses coercions that read every text as true and every absence as a text', () => {
    expect(() => setting('MCP_ON', z.coerce.boolean(), { description })).toThrow('use flag()');
    expect(() => setting('MCP_ON', z.coerce.boolean().default(true), { description })).toThrow('use flag()');
    expect(() => setting('MCP_ON', z.coerce.boolean().transform(Number), { description })).toThrow(
      'use flag()',
    );
    expect(() => secret('MCP_KEY', z.coerce.string().optional(), { description })).toThrow('use z.string()');
  });
});

describe('SettingsOf', () => {
  it('types the values by their schemas', () => {
    const group = defineSettings('typed', {
      port: setting('MCP_PORT', z.coerce.number().default(1), { description }),
      level: setting('MCP_LEVEL', z.enum(['info', 'warn']).optional(), { description }),
      key: secret('MCP_KEY', z.string(), { description }),
      oldKey: secret('MCP_OLD_KEY', z.string().optional(), { description }),
    });
    type Expected = {
      readonly port: number;
      readonly level: 'info' | 'warn' | undefined;
      readonly key: Secret;
      readonly oldKey: Secret | undefined;
    };
    type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
    const sameType: Equal<SettingsOf<typeof group>, Expected> = true;
    const values: Expected = Config.of([group], { MCP_KEY: 'k' }).get(group);
    expect(sameType).toBe(true);
    expect(values).toEqual({ port: 1, level: undefined, key: expect.anything(), oldKey: undefined });
  });
});
