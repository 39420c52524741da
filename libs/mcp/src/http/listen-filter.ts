import type { Principal } from '@gantry/pipeline';
import { z } from 'zod';
import type { Resources } from '../catalogue/resources.ts';
import type { Interests } from '../sdk/change-events.ts';

/** What one stream may listen to; a client that wants more opens another, or listens to what contains them. */
export const MAX_LISTENED = 1_000;

/** The length of their URIs together: a stream keeps them, several times over, for as long as it is open. */
export const MAX_LISTENED_CHARACTERS = 65_536;

const listenMessage = z.looseObject({
  params: z.looseObject({
    notifications: z.looseObject({
      resourceSubscriptions: z.array(z.string()).optional(),
      resourcesListChanged: z.boolean().optional(),
    }),
  }),
});

/** A `subscriptions/listen` request without what its principal may not hear of, and the rest as {@link Interests}. */
export interface ListenFilter {
  readonly message: object;
  readonly interests: Interests;
}

/**
 * Takes from a request to listen what the principal could not read: it is not acknowledged then, like anything else
 * that does not exist.
 *
 * @returns `undefined` if it asks for more than a stream may listen to
 */
export function listenFilter(
  message: object,
  principal: Principal,
  resources: Resources,
): ListenFilter | undefined {
  const parsed = listenMessage.safeParse(message);
  // What is no request to listen, the SDK refuses.
  if (!parsed.success) return { message, interests: { names: [], list: false, namesOf: () => [] } };
  const { params } = parsed.data;
  const { resourceSubscriptions = [], resourcesListChanged = false } = params.notifications;
  if (resourceSubscriptions.length > MAX_LISTENED) return undefined;
  if (resourceSubscriptions.join('').length > MAX_LISTENED_CHARACTERS) return undefined;
  const names = resourceSubscriptions.filter((uri) => resources.isReadable(uri, principal));
  const list = resourcesListChanged && resources.listVariesFor(principal);
  const byUri = Map.groupBy(new Set(names), (name) => resources.canonical(name));
  const notifications = { ...params.notifications, resourceSubscriptions: names, resourcesListChanged: list };
  return {
    message: { ...message, params: { ...params, notifications } },
    interests: { names, list, namesOf: (uri) => byUri.get(uri) ?? [] },
  };
}
