import { describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { suitePlans } from './suite-plans.ts';

describe('suitePlans', () => {
  it.each(['tasks-lifecycle', 'tools-list'])('runs %s against one fixture', (scenario) => {
    const plans = suitePlans.filter(
      ({ suite, revision, select }) =>
        suite !== 'services' && revision === '2026-07-28' && select([scenario]).includes(scenario),
    );
    expect(plans).toHaveLength(1);
  });

  it('wants generic scenarios of services even if the suite leaves them out', () => {
    for (const { select } of suitePlans.filter(({ suite }) => suite === 'services'))
      expect(select([]).length).toBeGreaterThan(0);
  });

  it('names files that are there', () => {
    for (const name of suitePlans.flatMap(({ expected }) => expected)) {
      const file = new URL(`../../expected-failures/${name}.yaml`, import.meta.url);
      expect([name, existsSync(file)]).toEqual([name, true]);
    }
  });
});
