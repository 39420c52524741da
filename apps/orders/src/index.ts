export { OrdersModule } from './orders.module.ts';
