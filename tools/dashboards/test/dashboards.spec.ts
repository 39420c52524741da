import { describe, expect, it } from '@jest/globals';
import { groupingOf, selectorsOf } from './promql.ts';
import { dashboards, queriesOf, type DrawnPanel } from './repository.ts';

const overlap = (a: DrawnPanel['gridPos'], b: DrawnPanel['gridPos']) =>
  a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

describe.each([...dashboards])('the dashboard %s', (file, dashboard) => {
  const { panels, templating } = dashboard;
  const graphs = panels.filter(({ type }) => type !== 'row');

  it('can be told from all others, wherever it is loaded', () => {
    expect(dashboard.uid).toBe(`gantry-${file}`);
    expect(dashboard.title).toBe(`Gantry / ${file}`);
    expect(dashboard.schemaVersion).toBeGreaterThanOrEqual(39);
  });

  it('asks the Prometheus that is chosen in it', () => {
    expect(templating.list[0]).toMatchObject({ name: 'datasource', type: 'datasource', query: 'prometheus' });
    for (const panel of graphs)
      for (const { uid } of [panel.datasource!, ...panel.targets!.map(({ datasource }) => datasource)])
        expect(uid).toBe('${datasource}');
  });

  it('uses only variables that it has', () => {
    const known = templating.list.map(({ name }) => name);
    const used = JSON.stringify(dashboard).matchAll(/\$\{?(\w+)/g);
    for (const [, name] of used) if (!name!.startsWith('__')) expect(known).toContain(name);
  });

  it('says of every panel what to make of it', () => {
    for (const { title, description } of graphs) {
      expect(title).toMatch(/\S/);
      expect(description).toMatch(/\.$/);
    }
    const titles = panels.map(({ title }) => title);
    expect(new Set(titles).size).toBe(titles.length);
  });

  it('has panels that can be told apart and do not lie on each other', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    for (const { gridPos } of panels) expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
    for (const [index, { gridPos }] of panels.entries())
      for (const other of panels.slice(index + 1)) expect(overlap(gridPos, other.gridPos)).toBe(false);
    for (const { targets } of graphs)
      expect(new Set(targets!.map(({ refId }) => refId)).size).toBe(targets!.length);
  });

  it.each(queriesOf(dashboard))(
    'names its curves by labels that they have: $title, $legend',
    ({ expr, legend }) => {
      for (const [, label] of legend.matchAll(/\{\{(\w+)\}\}/g)) expect(groupingOf(expr)).toContain(label);
      expect(selectorsOf(expr).length).toBeGreaterThan(0);
    },
  );
});
