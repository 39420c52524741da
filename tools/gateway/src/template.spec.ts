import { describe, expect, it } from '@jest/globals';
import { gatewayTemplate, render } from './template.ts';

describe('a template', () => {
  it('gets the variables that are set, and keeps those of nginx', () => {
    const text = 'proxy_pass http://$service; return 200 ${uri}; listen ${PORT} ${PORT};';
    expect(render(text, { PORT: '443' })).toBe(
      'proxy_pass http://$service; return 200 ${uri}; listen 443 443;',
    );
  });

  it('is as shipped', () => {
    expect(gatewayTemplate()).toContain('listen ${GATEWAY_PORT} ssl;');
  });
});
