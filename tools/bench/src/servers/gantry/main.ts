import { createService } from '@gantry/service';
import { BenchModule } from './bench.module.ts';

// Two folders up once it is compiled (dist/servers/gantry) is not the package; the bundle sees to that.
await createService(BenchModule, new URL('../../../package.json', import.meta.url));
