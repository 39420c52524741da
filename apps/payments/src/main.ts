import { createService } from '@gantry/service';
import { PaymentsModule } from './payments.module.ts';

await createService(PaymentsModule, new URL('../package.json', import.meta.url));
