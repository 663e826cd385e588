import type { RedactStream } from '../lib/redact-stream.js';
import type { LogPiece } from '../targets/common/logs.js';

type Write = (piece: LogPiece) => Promise<void>;

/** Redacts secrets, separately for each stream of each log. */
export class Redaction {
  private readonly open = new Map<string, { readonly stream: RedactStream; last: LogPiece }>();

  constructor(
    private readonly newStream: () => RedactStream,
    private readonly pass: Write,
  ) {}

  readonly write = async (piece: LogPiece): Promise<void> => {
    const key = `${piece.source} ${piece.stream}`;
    const { stream } = this.open.get(key) ?? { stream: this.newStream() };
    this.open.set(key, { stream, last: piece });
    await this.passOn(piece, stream.push(piece.bytes));
  };

  async end(): Promise<void> {
    for (const { stream, last } of this.open.values()) await this.passOn(last, stream.end());
  }

  private async passOn(piece: LogPiece, bytes: Buffer): Promise<void> {
    if (bytes.length > 0) await this.pass({ ...piece, bytes });
  }
}
