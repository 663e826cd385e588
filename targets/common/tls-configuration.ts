import { renderCaddyfile } from '../../cluster/configuration/render-caddyfile.js';
import { keepCertificate, readCertificate } from '../../cluster/keys/certificate-file.js';
import { CONFIG_FILES, GATEWAY_PORT } from '../../cluster/names.js';
import { Secret } from '../../lib/secret.js';
import { readCertificateFile } from '../../prisma/probe/read-certificate.js';
import type { InstallFacts } from './install/install-facts.js';
import type { CommonFacts } from './stages/facts.js';

type Files = Readonly<Record<string, Secret>>;

/** Input of a proxy's configuration. */
export interface TlsFacts extends Pick<CommonFacts, 'cluster' | 'tls'> {
  /** Port of the endpoint. */
  readonly port: number;
  /** Address of the machine. */
  readonly address?: string | undefined;
  /** Applications beside the server, with their host names. @default - none */
  readonly apps?: InstallFacts['apps'];
}

/** Name of the gateway in the cluster's network. */
const UPSTREAM = `http://gateway:${GATEWAY_PORT}`;

/** Files for the proxy only. */
export const FOR_PROXY: readonly string[] = [
  CONFIG_FILES.proxy,
  CONFIG_FILES.acmeRoot,
  CONFIG_FILES.certificate,
  CONFIG_FILES.certificateKey,
];

/**
 * The files of a cluster's proxy; none without one. Keeps a pinned certificate of the host while it fits:
 * its key exists nowhere else.
 *
 * @param found existing files of the host
 */
export async function tlsFiles(
  { cluster, tls, port, address, apps }: TlsFacts,
  found: ReadonlyMap<string, Secret> | undefined,
  now = new Date(),
): Promise<Files> {
  if (tls === undefined) return {};
  const caddyfile = (of: Parameters<typeof renderCaddyfile>[0]['tls']) => ({
    [CONFIG_FILES.proxy]: new Secret(
      renderCaddyfile({ tls: of, port, upstream: UPSTREAM, sites: apps?.sites }),
    ),
  });
  if (tls.kind === 'acme') {
    const { caFile, ...acme } = tls;
    return {
      ...caddyfile({ ...acme, hasOwnRoot: caFile !== undefined }),
      ...(caFile !== undefined && { [CONFIG_FILES.acmeRoot]: new Secret(await readRoot(caFile)) }),
    };
  }
  if (address === undefined) throw new Error('a pinned certificate needs an address');
  const purpose = { cluster, host: address, now };
  const [certificate, key] = [CONFIG_FILES.certificate, CONFIG_FILES.certificateKey].map((name) =>
    found?.get(name),
  );
  // Loaded only here, because loading it is slow.
  const { isFitting, newPinnedCertificate } = await import(
    '../../cluster/configuration/pinned-certificate.js'
  );
  const there = certificate && key && { certificate: certificate.reveal(), key };
  const pinned = there && isFitting(there, purpose) ? there : await newPinnedCertificate(purpose);
  return {
    ...caddyfile(tls),
    [CONFIG_FILES.certificate]: new Secret(pinned.certificate),
    [CONFIG_FILES.certificateKey]: pinned.key,
  };
}

/** Stores the pinned certificate in the key store: the kit verifies the server with it. */
export async function keepPinned(keyDirectory: string, files: Files): Promise<void> {
  const certificate = files[CONFIG_FILES.certificate];
  if (certificate !== undefined) await keepCertificate(keyDirectory, certificate.reveal());
}

/**
 * The certificate (PEM) to verify a cluster's server with; `undefined`: the well-known authorities.
 * @throws KitError `certificate-unreadable` (exit 2)
 */
export async function certificateOf(
  tls: CommonFacts['tls'],
  keyDirectory: string,
): Promise<string | undefined> {
  if (tls === undefined) return undefined;
  if (tls.kind === 'pinned') return readCertificate(keyDirectory);
  return tls.caFile === undefined ? undefined : readRoot(tls.caFile);
}

const readRoot = (path: string): Promise<string> =>
  readCertificateFile(path, {
    message: 'cannot be read as a certificate',
    hint: 'acme.caFile must be the root certificate of your authority, in PEM form.',
  });
