import { panelJson, type Panel } from './panel.ts';

/** A heading, and what stands under it. */
export interface Section {
  readonly title: string;
  readonly panels: readonly Panel[];
}

/** Something that is chosen at the top of a dashboard. */
export interface Choice {
  readonly name: string;
  readonly label: string;
  /** Where the values come from. */
  readonly query: string;
}

/** A dashboard as it is written. */
export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly choices: readonly Choice[];
  readonly sections: readonly Section[];
}

const COLUMNS = 24;
const HEIGHTS = { stat: 4, timeseries: 7, table: 9 };

/** Of Grafana 10.4: later ones take it over to theirs. */
const SCHEMA_VERSION = 39;

/** A dashboard in the format of Grafana. */
export function dashboardJson({ uid, title, description, choices, sections }: Dashboard): object {
  return {
    uid,
    title,
    description,
    tags: ['gantry'],
    schemaVersion: SCHEMA_VERSION,
    editable: false,
    graphTooltip: 1,
    refresh: '1m',
    time: { from: 'now-6h', to: 'now' },
    timezone: 'browser',
    links: [
      {
        type: 'dashboards',
        title: 'Gantry',
        tooltip: 'All dashboards of Gantry',
        icon: 'dashboard',
        tags: ['gantry'],
        asDropdown: true,
        includeVars: false,
        keepTime: true,
        targetBlank: false,
      },
    ],
    templating: { list: [datasource, ...choices.map(choiceJson)] },
    panels: laidOut(sections),
  };
}

const datasource = {
  name: 'datasource',
  label: 'Prometheus',
  type: 'datasource',
  query: 'prometheus',
  refresh: 1,
};

/** `.*` also matches series without the label, as where there are no namespaces. */
function choiceJson({ name, label, query }: Choice): object {
  return {
    name,
    label,
    type: 'query',
    datasource: { type: 'prometheus', uid: '${datasource}' },
    query: { qryType: 1, query, refId: name },
    refresh: 2,
    sort: 1,
    multi: true,
    includeAll: true,
    allValue: '.*',
    current: { text: 'All', value: '$__all' },
  };
}

/** From left to right, and on a new line where the next one does not fit. */
function laidOut(sections: readonly Section[]): object[] {
  const panels: object[] = [];
  let y = 0;
  for (const section of sections) {
    panels.push(rowJson(section.title, panels.length + 1, y));
    y += 1;
    let x = 0;
    let lineHeight = 0;
    for (const panel of section.panels) {
      if (x + panel.width > COLUMNS) {
        y += lineHeight;
        [x, lineHeight] = [0, 0];
      }
      const h = HEIGHTS[panel.kind];
      panels.push(panelJson(panel, panels.length + 1, { x, y, w: panel.width, h }));
      x += panel.width;
      lineHeight = Math.max(lineHeight, h);
    }
    y += lineHeight;
  }
  return panels;
}

function rowJson(title: string, id: number, y: number): object {
  return { id, type: 'row', title, collapsed: false, gridPos: { x: 0, y, w: COLUMNS, h: 1 }, panels: [] };
}
