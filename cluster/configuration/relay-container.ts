/** On the loopback of the relay's container: see `programs/relay/health-server.ts`. */
export const RELAY_HEALTH_PORT = 9465;

/** For every kind of database. The relay listens on the port of `cluster/databases.ts`, without TLS. */
export const RELAY_CONTAINER: {
  readonly command: readonly string[];
  /**
   * Shell line of the container's health check: the relay sends the database a query, with the login of
   * its configuration. `refusal` in `cluster/databases.ts` recognizes its output for a wrong password.
   */
  readonly query: string;
} = {
  command: ['node', '/opt/clusterkit/relay.mjs'],
  query: `ask.sh ${RELAY_HEALTH_PORT} /healthz`,
};
