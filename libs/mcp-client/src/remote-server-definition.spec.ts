import { describe, expect, it } from '@jest/globals';
import { Config } from '@gantry/config';
import { defineRemoteServer } from './remote-server-definition.ts';

describe('defineRemoteServer', () => {
  it('names the settings after the server', () => {
    const { settings } = defineRemoteServer('price-list', { scopes: ['prices:read'] });
    const config = Config.of([settings], {
      MCP_REMOTE_PRICE_LIST_URL: 'https://prices.example.com/mcp',
      MCP_REMOTE_PRICE_LIST_ATTEMPT_MS: '500',
    });
    expect(config.get(settings)).toEqual({
      url: 'https://prices.example.com/mcp',
      audience: undefined,
      allowInsecure: false,
      attemptMs: 500,
      deadlineMs: 10_000,
      concurrent: 25,
      maxAnswerBytes: 4_194_304,
    });
    config.close();
  });

  it.each(['', 'Payments', 'pay ments', '-payments', 'pay--ments', 'pay_ments'])(
    'takes no name like "%s"',
    (name) => {
      expect(() => defineRemoteServer(name, { scopes: [] })).toThrow(TypeError);
    },
  );

  it.each(['ftp://prices.example.com', 'prices', 'https://prices.example.com/mcp#part'])(
    'takes no URL like "%s"',
    (url) => {
      const { settings } = defineRemoteServer('prices', { scopes: [] });
      expect(() => Config.of([settings], { MCP_REMOTE_PRICES_URL: url })).toThrow('MCP_REMOTE_PRICES_URL');
    },
  );
});
