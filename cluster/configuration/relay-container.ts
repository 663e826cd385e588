/** How the relay to a database elsewhere runs in the gateway's image, in the place of a database. */
export interface RelayContainer {
  readonly command: readonly string[];
  /**
   * Shell line that asks a real query through the relay, with the login of its configuration: the
   * health check of its container. What it says of a wrong password is what the `refusal` of
   * `cluster/databases.ts` knows.
   */
  readonly query: string;
}

const PROGRAM = '/opt/clusterkit/relay.mjs';

/** For every kind of database. It listens on the port of `cluster/databases.ts`, without TLS. */
export const RELAY_CONTAINER: RelayContainer = {
  command: ['node', PROGRAM],
  query: `node ${PROGRAM} ask`,
};
