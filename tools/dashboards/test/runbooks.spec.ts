import { existsSync, globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { alerts, root } from './repository.ts';
import { linesOf, pages } from './runbooks.ts';

const index = pages.find(({ name }) => name === 'README')!;
const runbooks = pages.filter((page) => page !== index);
const sources = globSync('{apps,libs}/*/src/**/*.ts', { cwd: fileURLToPath(root) })
  .map((path) => readFileSync(new URL(path, root), 'utf8'))
  .join('\n');

describe('the runbooks', () => {
  it('have a page for every alert, and no other', () => {
    const wanted = [...new Set(alerts.map(({ runbook }) => runbook))];
    expect(runbooks.map(({ name }) => name)).toEqual(wanted.sort());
  });

  it.each(alerts)('say the same as $alert of $service, and answer what one asks at night', (rule) => {
    const { text } = runbooks.find(({ name }) => name === rule.runbook)!;
    expect(text).toMatch(new RegExp(`^# ${rule.alert}\n\n\\*\\*${rule.labels['severity']}\\*\\* · `));
    const headings = [...text.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
    expect(headings).toEqual(['What it means', 'What users notice', 'Look first', 'Mend', 'Escalate']);
    const row = new RegExp(
      `^\\| \\[${rule.alert}\\]\\(${rule.runbook}\\.md\\) +\\| ${rule.labels['severity']} `,
      'm',
    );
    expect(index.text).toMatch(row);
  });

  it.each(pages)('lead somewhere: $name', ({ text }) => {
    const links = [...text.matchAll(/\]\((?!https:)([^)#]+)/g)].map(([, link]) => link!);
    for (const link of links)
      expect([link, existsSync(new URL(link, new URL('docs/runbooks/', root)))]).toEqual([link, true]);
  });

  it.each(linesOf('log'))('quote what the services log: $page, $line', ({ line }) => {
    const quoted = [`'${line}'`, `"${line}"`, `\`${line}\``];
    expect(quoted.some((text) => sources.includes(text))).toBe(true);
  });

  it.each(pages)('name settings that there are: $name', ({ text }) => {
    for (const [, setting] of text.matchAll(/\b(MCP_[A-Z_]*[A-Z])\b/g))
      expect(sources).toContain(`'${setting!.replace(/_FILE$/, '')}'`);
  });
});
