import type { Fault } from './fault.ts';
import { byTurns } from './wait.ts';

/** SIGKILL to replicas of each service by turns. Each is started again at once, as Kubernetes would. */
export const killReplicas: Fault = {
  name: 'kill',
  betweenMs: [200, 1_500],
  // Both of a service now and then, but never so many that nothing can go on, however slow the machine.
  atOnce: 2,
  async strike({ services }, turn) {
    const service = byTurns(services, turn);
    const victim = service.anyReplica();
    await victim.kill();
    await victim.start();
    return service.name;
  },
};
