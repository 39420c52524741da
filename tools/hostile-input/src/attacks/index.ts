import type { Attack } from './attack.ts';
import { batches } from './batches.ts';
import { crossTenant } from './cross-tenant.ts';
import { cursorForging } from './cursors.ts';
import { headerSmuggling } from './headers.ts';
import { idempotencyKeys } from './idempotency.ts';
import { injection, unicode } from './injection.ts';
import { jwtConfusion } from './jwt.ts';
import { listening } from './listening.ts';
import { oversized } from './oversized.ts';
import { pathTraversal } from './path-traversal.ts';
import { prototypePollution } from './prototype-pollution.ts';
import { regexBombs } from './regex-bombs.ts';
import { requestStateForging } from './request-state.ts';
import { uploads } from './uploads.ts';
import { forgedWebhooks } from './webhooks.ts';

/** Known attacks, in the order in which they are made. Slow loris goes on beside them, floods have a process of their own. */
export const ATTACKS: readonly Attack[] = [
  cursorForging,
  crossTenant,
  idempotencyKeys,
  requestStateForging,
  injection,
  unicode,
  pathTraversal,
  prototypePollution,
  headerSmuggling,
  jwtConfusion,
  batches,
  listening,
  forgedWebhooks,
  uploads,
  oversized,
  regexBombs,
];
