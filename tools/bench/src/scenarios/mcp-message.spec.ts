import { describe, expect, it } from '@jest/globals';
import { legacyMessage, modernMessage, resultOf } from './mcp-message.ts';

const call = { method: 'tools/call', params: { name: 'add_numbers', arguments: { a: 1, b: 2 } } } as const;

describe('modernMessage', () => {
  it('says in the headers what the body says', () => {
    const { headers, body } = modernMessage(call);
    expect(headers).toMatchObject({
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/call',
      'mcp-name': 'add_numbers',
    });
    expect(JSON.parse(body)).toMatchObject({
      method: 'tools/call',
      params: { ...call.params, _meta: { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' } },
    });
  });

  it('of a list has no name', () => {
    expect(modernMessage({ method: 'tools/list' }).headers).not.toHaveProperty('mcp-name');
  });
});

describe('legacyMessage', () => {
  it('has no trace of the newer revision', () => {
    const { headers, body } = legacyMessage(call);
    expect(headers).toMatchObject({ 'mcp-protocol-version': '2025-11-25' });
    expect(headers).not.toHaveProperty('mcp-method');
    expect(body).not.toContain('_meta');
  });
});

describe('resultOf', () => {
  const answer = '{"jsonrpc":"2.0","id":1,"result":{"sum":3}}';

  it.each([
    ['JSON', answer],
    ['an event stream', `event: message\ndata: ${answer}\n\n`],
  ])('finds the result in %s', (_, text) => {
    expect(resultOf(text)).toEqual({ sum: 3 });
  });

  it('takes nothing else for a result', () => {
    expect(() => resultOf('{"jsonrpc":"2.0","id":1,"error":{"code":-32602}}')).toThrow('Not a result');
    expect(() => resultOf('HTTP 503 {}')).toThrow();
  });
});
