/** On the loopback of the relay's container: see `programs/relay/health-server.ts`. */
export const RELAY_HEALTH_PORT = 9465;

/** Maximum number of clients, by default. PostgreSQL accepts 100 by default, MySQL 151. */
export const RELAY_CONNECTIONS = 150;

/** For every kind of database. The relay listens on the port of `cluster/databases.ts`, without TLS. */
export const RELAY_CONTAINER: {
  /**
   * Shell line of the container's health check: the relay sends the database a query, with the login of
   * its configuration. `refusal` in `cluster/databases.ts` recognizes its output for a wrong password.
   */
  readonly query: string;
} = {
  query: `ask.sh ${RELAY_HEALTH_PORT} /healthz`,
};

/** @param options of Node.js */
export const relayCommand = (options: readonly string[]): readonly string[] => [
  ...['node', ...options, '/opt/clusterkit/relay.mjs'],
];
