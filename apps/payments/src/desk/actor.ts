import type { Principal } from '@gantry/pipeline';
import type { Actor } from '../domain/payment.ts';

/** Who calls. */
export function actorOf({ subject, client }: Principal): Actor {
  return { subject, client };
}
