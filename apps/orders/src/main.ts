import { createService } from '@gantry/service';
import { OrdersModule } from './orders.module.ts';

await createService(OrdersModule, new URL('../package.json', import.meta.url));
