import { Secret } from '../lib/secret.js';

/** The shared secret that CLIs from 1.7 on read, and sign with themselves. */
export const MANAGEMENT_SECRET = 'PRISMA_MANAGEMENT_API_SECRET';

/** Where Node reads further authorities from: a file, beside the well-known ones. */
export const EXTRA_CA = 'NODE_EXTRA_CA_CERTS';

/** One cluster's access, as other tools get it. */
export interface Access {
  /** Its name in the registry. */
  readonly cluster: string;
  /** Base address of the server. */
  readonly endpoint: string;
  /** A cluster token. */
  readonly token: Secret;
  /** The cluster's shared secret, for tools that sign themselves. */
  readonly managementSecret?: Secret | undefined;
  /** Path of the certificate that the server is trusted by. @default - the well-known authorities */
  readonly certificateFile?: string | undefined;
}

/** One environment variable; a {@link Secret} is masked where a log may be read by others. */
export interface Variable {
  readonly name: string;
  readonly value: string | Secret;
}

/** The variables that hand `access` to a tool. Their names are interface. */
export const variablesOf = (access: Access): readonly Variable[] => [
  { name: 'PRISMA_CLUSTER', value: access.cluster },
  { name: 'PRISMA_ENDPOINT', value: access.endpoint },
  { name: 'PRISMA_CLUSTER_TOKEN', value: access.token },
  ...(access.managementSecret ? [{ name: MANAGEMENT_SECRET, value: access.managementSecret }] : []),
  ...(access.certificateFile ? [{ name: EXTRA_CA, value: access.certificateFile }] : []),
];

/** The plain text of a variable's value. */
export const plain = ({ value }: Variable): string =>
  value instanceof Secret ? value.reveal() : value;
