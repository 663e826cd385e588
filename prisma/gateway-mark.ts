/**
 * The header by which a gateway tells its version, on answers of the management API: what stands behind
 * it tells its own in the answer. It proves nothing; it says which secrets may be accepted.
 */
export const GATEWAY_HEADER = 'x-clusterkit-gateway';
