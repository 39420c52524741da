import { definePlugin } from '@gantry/service';
import { ChecksModule } from './checks.module.ts';

export default definePlugin({ gantry: '0.1.0', module: ChecksModule });
