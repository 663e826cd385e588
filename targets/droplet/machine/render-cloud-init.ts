import { isSeq, parseDocument } from 'yaml';
import { Secret } from '../../../lib/secret.js';
import { ON_DROPLET } from './places.js';

/** Values for the template of {@link renderCloudInit}. */
export interface CloudInitProps {
  readonly cluster: string;
  /** Host key for the first connection, replaced after that. In OpenSSH's forms. */
  readonly bootstrapHostKey: { readonly privateKey: Secret; readonly publicKey: string };
  /** Public key for logins as root; one line in OpenSSH's form. */
  readonly loginPublicKey: string;
  /** Swap in MB. @default 0 - none */
  readonly swapMb?: number;
  /** Text of the marker at the end of the first boot: letters, digits and `-_.:+/=`. */
  readonly marker: string;
}

/** Maximum of DigitalOcean. */
const MAX_BYTES = 64 * 1024;

/**
 * The user data of a droplet: `templates/cloud-init.yaml` with the keys, and the file that its script reads.
 * Sets values through the document model, never as text, so that none can change the structure.
 *
 * It contains the bootstrap key: store it only in a file (0600), and send it to DigitalOcean.
 * @throws Error on invalid values or an invalid template
 */
export function renderCloudInit(template: string, props: CloudInitProps): Secret {
  const { cluster, bootstrapHostKey, loginPublicKey, swapMb = 0, marker } = props;
  const document = parseDocument(template);
  const files = document.get('write_files');
  if (document.errors.length > 0 || !isSeq(files)) throw new Error('not a cloud-init template');

  const environment = { CLUSTER: cluster, MARKER: marker, SWAP_MB: String(swapMb), ...PLACES };
  files.add(
    document.createNode({
      path: '/etc/clusterkit/first-boot.env',
      permissions: '0644',
      content: Object.entries(environment).map(variable).join(''),
    }),
  );
  document.set('ssh_authorized_keys', document.createNode([oneLine(loginPublicKey)]));
  document.set(
    'ssh_keys',
    document.createNode({
      ed25519_private: bootstrapHostKey.privateKey.reveal(),
      ed25519_public: oneLine(bootstrapHostKey.publicKey),
    }),
  );
  const text = document.toString({ lineWidth: 0 });
  if (!text.startsWith('#cloud-config\n')) throw new Error('not a cloud-init template');
  if (Buffer.byteLength(text) > MAX_BYTES) throw new Error('user data above 64 KiB');
  return new Secret(text);
}

const PLACES = {
  DONE_FILE: ON_DROPLET.marker,
  FAILED_FILE: ON_DROPLET.failure,
  LOG_FILE: ON_DROPLET.log,
};

/** A shell assignment whose value needs no quotes. */
function variable([name, value]: readonly [string, string]): string {
  if (!/^[A-Za-z0-9_.:+/=-]+$/.test(value)) throw new Error(`${name} cannot be '${value}'`);
  return `${name}=${value}\n`;
}

function oneLine(text: string): string {
  const line = text.trim();
  if (line === '' || /[\r\n]/.test(line)) throw new Error('a public key is one line');
  return line;
}

const SMALL_MB = 2048;

/**
 * Swap for a droplet, in MB, from the name of its size: 2 GB up to 2 GB of memory, none above, and
 * none when the name does not show it (such sizes start at 4 GB).
 */
export function swapMbFor(size: string): number {
  const [, amount = '', unit] = /(?:^|-)(\d+)(mb|gb)(?:-|$)/.exec(size) ?? [];
  if (unit === undefined) return 0;
  const memoryMb = Number(amount) * (unit === 'gb' ? 1024 : 1);
  return memoryMb <= SMALL_MB ? SMALL_MB : 0;
}
