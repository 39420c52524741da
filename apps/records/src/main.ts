import { createService } from '@gantry/service';
import { RecordsModule } from './records.module.ts';

await createService(RecordsModule, new URL('../package.json', import.meta.url));
