import { connectEngine, type Engine } from '../clients/docker/connect.js';
import { type LogEnd, readLog } from '../clients/docker/read-log.js';
import type { ClusterWorld } from '../cluster/context.js';
import { keyDirectory } from '../cluster/keys/key-directory.js';
import { type ContainerRole, objectName } from '../cluster/names.js';
import { RedactStream } from '../lib/redact-stream.js';
import type { ClusterSettings } from '../targets/clusters-file/cluster-settings.js';
import { engineOf, openDroplet } from '../targets/droplet/engines.js';
import { readFirstBootLogs } from '../targets/droplet/machine/first-boot-log.js';
import { knownSecrets } from './known-secrets.js';
import type { LogName } from './log-names.js';

/** Which log, and how much of it. */
export interface LogWish {
  readonly what: LogName;
  readonly follow: boolean;
  /** In the engine's form; not for the first boot. @default - from its beginning */
  readonly since: string | undefined;
  readonly tail: number | 'all';
}

/** Some bytes of a log, without secrets. */
export interface LogPiece {
  readonly source: ContainerRole | 'cloud-init' | 'first-boot';
  /** `null`: the log does not tell. */
  readonly stream: 'stdout' | 'stderr' | null;
  /** When it was written, RFC 3339; `null`: the log does not tell. */
  readonly time: string | null;
  readonly bytes: Uint8Array;
}

/**
 * THE STORY of `logs`: reach the engine, or the droplet; read; leave out what is secret. A connection
 * that is lost is an error, never an end.
 *
 * @throws KitError (exit 3) `container-absent`, `engine-unreachable`, `log-cut`, and those of ssh
 */
export async function readLogs(
  settings: ClusterSettings,
  wish: LogWish,
  world: ClusterWorld,
  write: (piece: LogPiece) => Promise<void>,
): Promise<LogEnd> {
  const { project, steps, signal } = world;
  const keys = keyDirectory(project.stateDir, settings.name);
  const { secrets, areDamaged } = await knownSecrets(keys, settings.server.auth);
  if (areDamaged)
    steps.warn('a secret in the key store is damaged, and cannot be left out of this');
  const clean = new Redaction(() => new RedactStream(secrets), write);
  const end = await read(settings, wish, world, clean.write);
  await clean.end();
  signal.throwIfAborted();
  return end;
}

async function read(
  settings: ClusterSettings,
  wish: LogWish,
  { project, signal, steps }: ClusterWorld,
  write: (piece: LogPiece) => Promise<void>,
): Promise<LogEnd> {
  const { what } = wish;
  const from = (engine: Engine) => readContainer(engine, settings.name, wish, write, signal);
  if (settings.target === 'docker') return from(await connectEngine());
  const connection = await openDroplet(keyDirectory(project.stateDir, settings.name), signal);
  try {
    if (what !== 'cloud-init') return await from(await engineOf(connection));
    let isEmpty = true;
    const pass = (source: LogPiece['source'], bytes: Uint8Array) => {
      isEmpty = false;
      return write({ source, stream: null, time: null, bytes });
    };
    await readFirstBootLogs(connection, wish, pass, signal);
    if (isEmpty) steps.warn('the droplet has no log of a first boot');
    return 'complete';
  } finally {
    connection.close();
  }
}

function readContainer(
  engine: Engine,
  cluster: string,
  { what, ...window }: LogWish,
  write: (piece: LogPiece) => Promise<void>,
  signal: AbortSignal,
): Promise<LogEnd> {
  if (what === 'cloud-init') throw new Error('an engine has no log of a first boot');
  const container = objectName(cluster, what);
  return readLog(engine, container, window, (frame) => write({ source: what, ...frame }), signal);
}

/** Leaves secrets out of pieces, for each stream of each log on its own. */
class Redaction {
  private readonly open = new Map<string, { readonly stream: RedactStream; last: LogPiece }>();

  constructor(
    private readonly newStream: () => RedactStream,
    private readonly pass: (piece: LogPiece) => Promise<void>,
  ) {}

  readonly write = async (piece: LogPiece): Promise<void> => {
    const key = `${piece.source} ${piece.stream}`;
    const { stream } = this.open.get(key) ?? { stream: this.newStream() };
    this.open.set(key, { stream, last: piece });
    await this.give(piece, stream.push(piece.bytes));
  };

  async end(): Promise<void> {
    for (const { stream, last } of this.open.values()) await this.give(last, stream.end());
  }

  private async give(piece: LogPiece, bytes: Buffer): Promise<void> {
    if (bytes.length > 0) await this.pass({ ...piece, bytes });
  }
}
