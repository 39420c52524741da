/** Where Redis is and who we are there: the options of ioredis that a URL stands for. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly db: number;
  readonly tls: object | undefined;
}

/** Reads a `redis://` or `rediss://` URL. ioredis reads one too, but only when a client is made. */
export function endpointOf(url: string): Endpoint {
  const { protocol, hostname, port, username, password, pathname } = new URL(url);
  return {
    host: hostname.replace(/^\[|\]$/g, ''), // of an IPv6 address
    port: Number(port || 6379),
    username: decodeURIComponent(username) || undefined,
    password: decodeURIComponent(password) || undefined,
    db: Number(pathname.slice(1)),
    tls: protocol === 'rediss:' ? {} : undefined,
  };
}
