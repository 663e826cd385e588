/** How the edge routes to one application. Nothing in it is secret. */
export interface EdgeRoute {
  readonly app: string;
  /** Ports on which the edge listens: the same number inside and outside. */
  readonly ports: readonly number[];
  /** Host names, served on `EDGE_HTTP_PORT`, plain http, for the proxy. */
  readonly domains: readonly string[];
  readonly target: EdgeTarget;
  /** Path that a healthy instance answers with 2xx or 3xx. @default - a TCP connection is enough */
  readonly healthPath?: string | undefined;
  /**
   * The longest silence of an instance while it owes an answer. For a function longer than the activator takes, which
   * answers in words when a function does not.
   */
  readonly requestTimeoutMs: number;
  /** The longest that requests and WebSockets of a release before go on. */
  readonly drainMs: number;
}

/** The instances of an application by name in the cluster's network; or a function, behind the activator. */
export type EdgeTarget =
  | { readonly kind: 'instances'; readonly instances: readonly EdgeInstance[] }
  | { readonly kind: 'function' };

/** One instance: where it listens in the cluster's network. */
export interface EdgeInstance {
  readonly name: string;
  readonly port: number;
}

/** Name that the activator has in the cluster's network, and its port. */
export const ACTIVATOR = { host: 'activator', port: 8000 } as const;

/** Names the function to the activator. The edge alone sets it. */
export const FUNCTION_HEADER = 'X-Clusterkit-Function';
