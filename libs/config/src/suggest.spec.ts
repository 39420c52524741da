import { describe, expect, it } from '@jest/globals';
import { closestName } from './suggest.ts';

const names = ['MCP_DATABASE_URL', 'MCP_DATABASE_POOL_SIZE', 'MCP_PORT', 'MCP_HOST'];

describe('closestName', () => {
  it.each([
    ['MCP_DATABSE_URL', 'MCP_DATABASE_URL'],
    ['MCP_DATABASE_URI', 'MCP_DATABASE_URL'],
    ['MCP_DATABASE_POOLSIZE', 'MCP_DATABASE_POOL_SIZE'],
    ['MCP_PROT', 'MCP_PORT'],
    ['MCP_HOSTS', 'MCP_HOST'],
  ])('takes %s for %s', (mistyped, meant) => {
    expect(closestName(mistyped, names)).toBe(meant);
  });

  it('does not guess wildly', () => {
    expect(closestName('MCP_SOMETHING_ELSE', names)).toBeUndefined();
    expect(closestName('MCP_X', [])).toBeUndefined();
  });
});
