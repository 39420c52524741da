import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { assetsFor } from '../src/assets.ts';
import { observability, services } from './repository.ts';

describe('deploy/observability', () => {
  it('is what tools/dashboards makes now: run `make dashboards` if this fails', () => {
    const folder = fileURLToPath(observability);
    const there = globSync('{dashboards,alerts}/*', { cwd: folder }).map((path) => [
      path,
      readFileSync(new URL(path, observability), 'utf8'),
    ]);
    expect(Object.fromEntries(there)).toEqual(Object.fromEntries(assetsFor(services)));
  });

  it('has a dashboard and alerts for every service', () => {
    expect(services.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['orders', 'payments', 'records']),
    );
    for (const { name } of services) {
      expect([...assetsFor(services).keys()]).toEqual(
        expect.arrayContaining([`dashboards/${name}.json`, `alerts/${name}.yaml`]),
      );
    }
  });

  it('has them for a service that nothing is special about, as a new one', () => {
    const inventory = { ...services.find(({ name }) => name === 'records')!, name: 'inventory' };
    const assets = assetsFor([inventory]);
    expect([...assets.keys()]).toEqual([
      'dashboards/fleet.json',
      'dashboards/inventory.json',
      'alerts/inventory.yaml',
    ]);
    for (const text of assets.values()) {
      expect(text).toContain('inventory');
      expect(text).not.toMatch(/records|SELF/);
    }
  });
});
