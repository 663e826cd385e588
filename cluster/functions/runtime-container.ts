/** Where activator and waker mount the volume `wake`. */
export const WAKE_DIRECTORY = '/run/clusterkit-wake';

/** The waker's socket. */
export const WAKER_SOCKET = `${WAKE_DIRECTORY}/waker.sock`;

/** The engine's socket in the waker's container. */
export const ENGINE_SOCKET = '/run/engine.sock';

/** On which the activator receives requests. */
export const ACTIVATOR_PORT = 8000;

/** On the loopback of the activator's container: `/healthz` and `/functions`. */
export const ACTIVATOR_REPORT_PORT = 9465;

/** The header by which the edge names the function. */
export const FUNCTION_HEADER = 'x-clusterkit-function';

/** Variables of the waker: whose containers it may wake. */
export const WAKER_VARIABLES = {
  cluster: 'WAKER_CLUSTER',
  identity: 'WAKER_IDENTITY',
} as const;
