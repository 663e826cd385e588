/** How the relay to a database elsewhere runs in the gateway's image, in the place of a database. */
export interface RelayContainer {
  readonly command: readonly string[];
  /**
   * Shell line that makes the relay ask the database a real query, with the login of its
   * configuration: the health check of its container. What it says of a wrong password is what the
   * `refusal` of `cluster/databases.ts` knows.
   */
  readonly query: string;
}

/** On the loopback of the relay's container: see `programs/relay/health-server.ts`. */
export const RELAY_HEALTH_PORT = 9465;

/** For every kind of database. It listens on the port of `cluster/databases.ts`, without TLS. */
export const RELAY_CONTAINER: RelayContainer = {
  command: ['node', '/opt/clusterkit/relay.mjs'],
  query: `ask.sh ${RELAY_HEALTH_PORT} /healthz`,
};
