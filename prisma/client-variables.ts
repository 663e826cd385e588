import { Secret } from '../lib/secret.js';

/** Holds the shared secret; CLIs from 1.7 on sign their tokens with it. */
export const MANAGEMENT_SECRET = 'PRISMA_MANAGEMENT_API_SECRET';

/** Path of a file with more authorities, which Node.js trusts beside the well-known ones. */
export const EXTRA_CA = 'NODE_EXTRA_CA_CERTS';

/** The access to one cluster that other tools receive. */
export interface Access {
  /** Its name in the registry. */
  readonly cluster: string;
  /** Base address of the server. */
  readonly endpoint: string;
  /** A cluster token. */
  readonly token: Secret;
  /** The cluster's shared secret, for tools that sign tokens themselves. */
  readonly managementSecret?: Secret | undefined;
  /** Path of the certificate that verifies the server. @default - the well-known authorities */
  readonly certificateFile?: string | undefined;
}

/** One environment variable. Output that others may read masks a {@link Secret}. */
export interface Variable {
  readonly name: string;
  readonly value: string | Secret;
}

/** The variables that give a tool its `access`. Their names are a stable interface. */
export const variablesOf = (access: Access): readonly Variable[] => [
  { name: 'PRISMA_CLUSTER', value: access.cluster },
  { name: 'PRISMA_ENDPOINT', value: access.endpoint },
  { name: 'PRISMA_CLUSTER_TOKEN', value: access.token },
  ...(access.managementSecret ? [{ name: MANAGEMENT_SECRET, value: access.managementSecret }] : []),
  ...(access.certificateFile ? [{ name: EXTRA_CA, value: access.certificateFile }] : []),
];

/** A variable's value as plain text. */
export const plain = ({ value }: Variable): string =>
  value instanceof Secret ? value.reveal() : value;
