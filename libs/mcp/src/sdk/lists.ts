import { ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server';

/** Lists change only with a new version of the service, but what is shown depends on the token. */
export const LIST_TTL_MS = 60_000;

/** Every list fits one page, so no cursor was ever handed out. */
export function refuseCursor(params: { cursor?: string | undefined } | undefined): void {
  if (params?.cursor !== undefined)
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'Invalid cursor');
}
