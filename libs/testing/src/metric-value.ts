import type { Registry } from 'prom-client';

/** The first value of a metric that has these labels, whatever others it has; `undefined` if there is none. */
export async function metricValue(
  registry: Pick<Registry, 'getSingleMetric'>,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): Promise<number | undefined> {
  const { values } = (await registry.getSingleMetric(name)?.get()) ?? { values: [] };
  const found = values.find((value) =>
    Object.entries(labels).every(([label, text]) => value.labels[label] === text),
  );
  return found?.value;
}
