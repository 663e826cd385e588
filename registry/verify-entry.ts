import { environmentError } from '../lib/errors.js';
import { clockError } from '../prisma/probe/clock.js';
import { type SecretKind, secretKindOf } from '../prisma/tokens/signing-key.js';
import { type EntryHealth, type EntryProbe, probeOnce } from './probe-entry.js';

/**
 * Verifies that a server answers, requires authentication and accepts the secret.
 *
 * @param allowOpen accept a server without authentication
 * @throws KitError `server-unreachable`, `server-open`, `key-refused`, `clock-differs`, `auth-unclear`, or the code of a
 *   refused certificate (exit 3)
 */
export async function verifyEntry(
  server: Pick<EntryProbe, 'host' | 'trust' | 'clusterSecret'>,
  allowOpen: boolean,
  context: { readonly now: () => Date; readonly signal: AbortSignal },
): Promise<EntryHealth> {
  const health = await probeOnce(server, context);
  if (health.online && health.auth === 'ok') return health;
  if (health.auth === 'open' && allowOpen) return health;
  const { host: path, clusterSecret } = server;
  if (health.refusal !== undefined) {
    const { code, hint } = health.refusal;
    const message = health.message ?? 'its certificate is not trusted';
    throw environmentError(code, { path, message, hint: `${hint} ${CERTIFICATE_OPTION}` });
  }
  if (health.auth === 'refused' && health.clock !== undefined) {
    throw clockError(path, health.clock);
  }
  const [code, message, hint] = reasonOf(health, clusterSecret && secretKindOf(clusterSecret));
  const words = health.message === undefined ? '' : ` (${health.message})`;
  throw environmentError(code, { path, message: message + words, hint });
}

const CERTIFICATE_OPTION = 'Or pass the certificate that you trust: --certificate FILE.';

type Reason = readonly [code: string, message: string, hint: string];

const OFFLINE: Reason = [
  'server-unreachable',
  'no Prisma 1 server answers',
  'Start it, correct the address, or skip the verification: --no-verify.',
];
const UNCLEAR: Reason = [
  'auth-unclear',
  'the server neither accepts nor rejects the key',
  'Its database may be unreachable. Try again, or skip the verification: --no-verify.',
];
const OPEN = 'the server accepts requests without the cluster’s key';
const HINTS = {
  open: {
    secret: 'Start it with this secret as managementApiSecret, or pass --allow-open.',
    rsa: 'Give it the public key (clusterkit cluster public-key), or pass --allow-open.',
  },
  refused: {
    secret: 'It uses another secret, or a key pair. Pass the right one, or --no-verify.',
    rsa: 'Its public key belongs to another pair. Pass the right private key, or --no-verify.',
  },
};

function reasonOf(health: EntryHealth, kind: SecretKind | undefined): Reason {
  const { online, auth } = health;
  if (!online) return OFFLINE;
  if (auth !== 'open' && auth !== 'refused') return UNCLEAR;
  const hint = [HINTS[auth][kind ?? 'rsa'], (kind && whyUnfit(health, kind)) ?? []]
    .flat()
    .join(' ');
  if (auth === 'open') return ['server-open', OPEN, hint];
  return ['key-refused', `the server rejects this ${kind === 'secret' ? kind : 'key'}`, hint];
}

/**
 * Explains why a server can never check tokens of such a secret; undefined when it can. A gateway in
 * front of it checks tokens of a key pair for every generation.
 */
export function whyUnfit(
  { generation, version, gateway }: Pick<EntryHealth, 'generation' | 'version' | 'gateway'>,
  kind: SecretKind,
): string | undefined {
  const own = version === null ? '' : ` (this one is ${version})`;
  if (generation === 'A' && kind === 'secret') {
    return `Servers up to 1.6${own} support key pairs only, not shared secrets.`;
  }
  if (generation === 'C' && kind === 'rsa' && gateway === undefined) {
    return `Servers from 1.27 on${own} support shared secrets only, not key pairs.`;
  }
  return undefined;
}
