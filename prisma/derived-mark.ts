/**
 * The header in which a server of the kit, or its gateway, says on answers of the management API that it
 * verifies tokens of a key pair, and also those that are signed with the secret derived from it. It
 * authenticates nothing: `probeAuth` tries both.
 */
export const DERIVED_HEADER = 'x-clusterkit-derived-secret';

/** The only value of {@link DERIVED_HEADER}: how the secret is derived. */
export const DERIVED_VALUE = 'hkdf-sha256';
