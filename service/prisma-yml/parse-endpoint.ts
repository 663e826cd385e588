/** The parts of an endpoint such as `http://localhost:4466/blog/dev`. */
export interface Endpoint {
  /** The server: `http://localhost:4466`. */
  readonly host: string;
  readonly service: string;
  readonly stage: string;
}

/**
 * Parses an endpoint as the CLIs do: a missing service or stage is `default`.
 * @returns a message for an endpoint that a self-hosted server cannot have
 */
export function parseEndpoint(endpoint: string): Endpoint | string {
  if (!/^https?:\/\//.test(endpoint) || !URL.canParse(endpoint)) {
    return `'${endpoint}' is not an address such as http://localhost:4466/blog/dev`;
  }
  const url = new URL(endpoint);
  const [, service, stage, ...more] = url.pathname.split('/');
  if (more.length > 0) {
    return more.join('') === ''
      ? `'${endpoint}' ends with a slash, which the CLIs read as one more part`
      : `'${endpoint}' has more than service and stage: workspaces existed only in the hosted cloud`;
  }
  return {
    host: url.origin,
    service: service || 'default',
    stage: stage || 'default',
  };
}

/** The address of a service on a server. */
export const endpointOf = (host: string, service: string, stage: string): string =>
  `${originOf(host)}/${service}/${stage}`;

/** Converts `http://HOST:4466/` to `http://host:4466`; an invalid address stays as it is. */
export const originOf = (host: string): string =>
  URL.canParse(host) ? new URL(host).origin : host.replace(/\/+$/, '');

/** Are both the same server? `localhost` and `127.0.0.1` are. */
export const sameHost = (one: string, other: string): boolean =>
  loopback(originOf(one)) === loopback(originOf(other));

const loopback = (origin: string) =>
  origin.replace(/^(https?:\/\/)127\.0\.0\.1(?=:|$)/, '$1localhost');
