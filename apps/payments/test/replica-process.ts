// A replica in a process of its own, which a test can kill.
import { collectSettings, Config } from '@gantry/config';
import { ServiceInfo } from '@gantry/observability';
import { ServiceModule, startHttp } from '@gantry/service';
import { PaymentsModule } from '../src/payments.module.ts';

const settings = Object.entries(process.env).filter(([name]) => name.startsWith('MCP_')) as [
  string,
  string,
][];
const config = Config.of(
  collectSettings({ module: ServiceModule, imports: [PaymentsModule] }),
  Object.fromEntries(settings),
);
const { url } = await startHttp(
  ServiceModule.around(PaymentsModule, config, new ServiceInfo('payments', '0.0.0')),
);

// A parent that has died needs no replica any more.
process.on('disconnect', () => process.exit());
process.send!({ url });
