/** The parts of an endpoint such as `http://localhost:4466/blog/dev`. */
export interface Endpoint {
  /** The server: `http://localhost:4466`. */
  readonly host: string;
  readonly service: string;
  readonly stage: string;
}

/**
 * Parses an endpoint as the CLIs do: a missing service or stage is `default`. They take the first of three
 * parts for a workspace of the hosted cloud, and ignore it when it is empty.
 * @returns a message for an endpoint that a self-hosted server cannot have
 */
export function parseEndpoint(endpoint: string): Endpoint | string {
  if (!/^https?:\/\//i.test(endpoint) || !URL.canParse(endpoint)) {
    return `'${endpoint}' is not an address such as http://localhost:4466/blog/dev`;
  }
  const url = new URL(endpoint);
  const [, ...parts] = url.pathname.split('/');
  const [service, stage] = parts.length > 2 && parts[0] === '' ? parts.slice(1) : parts;
  if (parts.length > 3 || (parts.length === 3 && (parts[0] !== '' || !service || !stage))) {
    const tidy = tidyEndpoint(endpoint);
    return tidy !== endpoint && new URL(tidy).pathname.split('/').length <= 3
      ? `'${endpoint}' has a slash too many, which the CLIs read as one more part. Write ${tidy}`
      : `'${endpoint}' has more than service and stage: workspaces existed only in the hosted cloud`;
  }
  return {
    host: url.origin,
    service: service || 'default',
    stage: stage || 'default',
  };
}

/** An endpoint without doubled slashes in its path, and without one at its end. */
export const tidyEndpoint = (endpoint: string): string =>
  endpoint.replace(
    /^(https?:\/\/[^/]*)(\/.*)$/i,
    (_all, host: string, path: string) => `${host}${path.replace(/\/+/g, '/').replace(/\/$/, '')}`,
  );

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
