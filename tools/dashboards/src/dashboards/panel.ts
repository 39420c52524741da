/** A curve or a number: an expression, and how what it gives is called. */
export interface Query {
  /** PromQL. `SELF` are the matchers of the dashboard's service and of what is chosen in it. */
  readonly expr: string;
  readonly legend?: string;
}

/** Units of Grafana. */
export type Unit = 'short' | 'percentunit' | 's' | 'reqps' | 'ops' | 'bytes' | 'bool_on_off';

/** What is seen at a glance. */
export interface Panel {
  readonly title: string;
  /** What to make of it: shown at the panel. */
  readonly description: string;
  readonly kind: 'timeseries' | 'stat' | 'table';
  readonly unit: Unit;
  readonly queries: readonly Query[];
  /** From here on it is yellow, and red. */
  readonly thresholds?: readonly [warning: number, bad: number];
  /** Panels beside each other have 24 units to share. */
  readonly width: number;
  /** In the format of Grafana, over what all panels of the kind have. */
  readonly special?: Readonly<Record<string, unknown>>;
}

type Options = Partial<Pick<Panel, 'width' | 'thresholds' | 'special'>>;

/** Curves over time. */
export function curves(
  title: string,
  unit: Unit,
  description: string,
  queries: readonly Query[],
  options: Options = {},
): Panel {
  return { kind: 'timeseries', title, unit, description, queries, width: 8, ...options };
}

/** One number, as of now. */
export function number(
  title: string,
  unit: Unit,
  description: string,
  expr: string,
  options: Options = {},
): Panel {
  return { kind: 'stat', title, unit, description, queries: [{ expr }], width: 4, ...options };
}

const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };

/** A panel in the format of Grafana. */
export function panelJson(panel: Panel, id: number, gridPos: object): object {
  const { title, description, kind, special } = panel;
  const { unit, thresholds } = panel;
  const steps = [
    { color: 'green', value: null },
    ...(thresholds ? [{ color: 'yellow', value: thresholds[0] }] : []),
    ...(thresholds ? [{ color: 'red', value: thresholds[1] }] : []),
  ];
  return {
    id,
    type: kind,
    title,
    description,
    datasource: DATASOURCE,
    gridPos,
    fieldConfig: {
      defaults: {
        unit,
        ...(unit !== 'bool_on_off' && { min: 0 }),
        thresholds: { mode: 'absolute', steps },
        ...(kind === 'timeseries' && { custom: { fillOpacity: 8, lineWidth: 1, showPoints: 'never' } }),
      },
      overrides: [],
    },
    options: OPTIONS[kind],
    targets: panel.queries.map((query, index) => targetJson(panel, query, index)),
    ...special,
  };
}

function targetJson({ kind }: Panel, { expr, legend }: Query, index: number): object {
  const isNow = kind !== 'timeseries';
  return {
    refId: String.fromCharCode('A'.charCodeAt(0) + index),
    datasource: DATASOURCE,
    editorMode: 'code',
    expr,
    ...(legend !== undefined && { legendFormat: legend }),
    range: !isNow,
    instant: isNow,
    ...(kind === 'table' && { format: 'table' }),
  };
}

const OPTIONS = {
  timeseries: {
    legend: { displayMode: 'list', placement: 'bottom', showLegend: true },
    tooltip: { mode: 'multi', sort: 'desc' },
  },
  stat: {
    colorMode: 'value',
    graphMode: 'none',
    reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
    textMode: 'auto',
  },
  table: { showHeader: true },
};
