import { randomInt } from 'node:crypto';
import type { Fleet } from '../fleet/fleet.ts';
import type { Replica } from '../fleet/replica.ts';
import type { Fault } from './fault.ts';
import { pause } from './pause.ts';

/** Between two kills. */
const BETWEEN_MS = [200, 1_500] as const;
/** At once: both of a service now and then, but never so many that nothing can go on, however slow the machine. */
const MOST_DOWN = 2;

/** SIGKILL to replicas, at random moments. Each is started again at once, as Kubernetes would. */
export const killReplicas: Fault = {
  name: 'kill',
  async strike(fleet, signal) {
    const killed: string[] = [];
    const restarts = new Set<Promise<void>>();
    let failure: Error | undefined;
    while (await pause(randomInt(...BETWEEN_MS), signal)) {
      if (restarts.size >= MOST_DOWN) continue;
      const victim = victimAmong(fleet, killed);
      await victim.kill();
      killed.push(victim.service);
      const restart = victim
        .start()
        .catch((error: Error) => void (failure ??= error))
        .finally(() => restarts.delete(restart));
      restarts.add(restart);
    }
    await Promise.all(restarts);
    if (failure) throw failure;
    return killed;
  },
};

/** Any that runs, of a service that was hit least so far. */
function victimAmong({ replicas }: Fleet, killed: readonly string[]): Replica {
  const running = replicas.filter(({ isRunning }) => isRunning);
  const hits = ({ service }: Replica) => killed.filter((one) => one === service).length;
  const fewest = Math.min(...running.map(hits));
  const candidates = running.filter((replica) => hits(replica) === fewest);
  return candidates[randomInt(candidates.length)]!;
}
