import { cutDatabases } from './cut-databases.ts';
import type { Fault } from './fault.ts';
import { freezeReplicas } from './freeze-replicas.ts';
import { killReplicas } from './kill-replicas.ts';
import { restartDatabase } from './restart-database.ts';
import { silenceDatabases } from './silence-databases.ts';
import { skewClock } from './skew-clock.ts';
import { stopRedis } from './stop-redis.ts';
import { troubleProvider } from './trouble-provider.ts';

/** All that can be made to go wrong, in the order in which it is. */
export const FAULTS: readonly Fault[] = [
  killReplicas,
  freezeReplicas,
  cutDatabases,
  silenceDatabases,
  restartDatabase,
  troubleProvider,
  stopRedis,
  skewClock,
];
