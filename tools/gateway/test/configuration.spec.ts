import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { checkConfiguration } from '../src/nginx.ts';
import { gatewayTemplate } from '../src/template.ts';
import { describeWithNginx } from './describe-with-nginx.ts';

const ROOT = new URL('../../../', import.meta.url);

function read(path: string): string {
  return readFileSync(new URL(path, ROOT), 'utf8');
}

describe('the shipped configuration', () => {
  it('waits longer than any tool may take', () => {
    const deadlines = ['records', 'payments', 'orders'].flatMap((service) =>
      [...read(`apps/${service}/contract/tools.json`).matchAll(/"deadlineMs": (\d+)/g)].map(([, ms]) =>
        Number(ms),
      ),
    );
    const seconds = Number(/^ *proxy_read_timeout +(\d+)s;/m.exec(gatewayTemplate())?.[1]);
    expect(deadlines.length).toBeGreaterThan(30);
    expect(seconds * 1_000).toBeGreaterThan(Math.max(...deadlines));
  });

  it('takes no variable that its README does not explain', () => {
    const variables = [...gatewayTemplate().matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name!);
    const readme = read('deploy/gateway/README.md');
    expect(variables).not.toHaveLength(0);
    expect(variables.filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
  });
});

describeWithNginx('nginx -t', () => {
  it('has nothing to say against it', () => {
    const { passed, output } = checkConfiguration();
    expect(output).not.toMatch(/\[(warn|emerg)\]/);
    expect(passed).toBe(true);
  });
});
