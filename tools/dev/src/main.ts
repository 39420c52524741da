import { runCommand } from './cli.ts';
import { SERVICES } from './services.ts';

await runCommand(SERVICES);
