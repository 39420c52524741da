import { chartNamed, ChartError, chartNames, LIBRARY_CHART } from './folders.ts';

/**
 * Checks, documents and installs the Helm charts.
 *
 *   node --conditions=@gantry/source tools/charts/src/main.ts package <chart>
 *   node --conditions=@gantry/source tools/charts/src/main.ts deploy <service> <values.yaml> [namespace]
 *   node --import @gantry/testing/typescript tools/charts/src/main.ts write
 *
 * Only `write` reads the settings of the services, whose code has decorators that plain Node does not know.
 */
const [command, ...args] = process.argv.slice(2);

try {
  if (command === 'write') {
    const { writeGenerated } = await import('./generated-files.ts');
    for (const chart of chartNames())
      for (const file of await writeGenerated(chart)) process.stdout.write(`${file}\n`);
  } else if (command === 'package') {
    const { packageChart } = await import('./package-chart.ts');
    process.stdout.write(packageChart(args[0] === LIBRARY_CHART ? LIBRARY_CHART : chartNamed(args[0])));
  } else if (command === 'deploy') {
    const { deploy } = await import('./deploy.ts');
    await deploy({ service: args[0], values: args[1], namespace: args[2] });
  } else
    throw new ChartError(
      'Usage: main.ts write | package <chart> | deploy <service> <values.yaml> [namespace]',
    );
} catch (error) {
  const known = error instanceof ChartError;
  process.stderr.write(`${known ? error.message : ((error as Error).stack ?? String(error))}\n`);
  process.exitCode = 1;
}
