// A replica in a process of its own, which a test can kill.
import { collectSettings, Config } from '@gantry/config';
import { ServiceInfo } from '@gantry/observability';
import { ServiceModule, startHttp } from '@gantry/service';
import { RecordsModule } from '../src/records.module.ts';

/** What a replica tells its parent, again and again. */
export interface ReplicaReport {
  readonly url: string;
  /** The most memory that it ever took, in MiB. */
  readonly peakMiB: number;
}

const settings = Object.entries(process.env).filter(([name]) => name.startsWith('MCP_')) as [
  string,
  string,
][];
const config = Config.of(
  collectSettings({ module: ServiceModule, imports: [RecordsModule] }),
  Object.fromEntries(settings),
);
const { url } = await startHttp(
  ServiceModule.around(RecordsModule, config, new ServiceInfo('records', '0.0.0')),
);

function report(): void {
  const told: ReplicaReport = { url, peakMiB: Math.round(process.resourceUsage().maxRSS / 1_024) };
  process.send!(told);
}

// A parent that has died needs no replica any more.
process.on('disconnect', () => process.exit());
report();
setInterval(report, 200);
