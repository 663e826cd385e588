/**
 * The header in which a gateway reports its version, on answers of the management API; the body has
 * the version of the server behind it. It authenticates nothing: it only says which kinds of secret
 * apply.
 */
export const GATEWAY_HEADER = 'x-clusterkit-gateway';
