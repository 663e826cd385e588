import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/**
 * A client that keeps to no rules, on an address of loopback of its own: limits of one source do not
 * touch others.
 */
export class Attacker {
  readonly #sockets: Socket[] = [];

  constructor(
    readonly port: number,
    private readonly address = '127.0.0.2',
  ) {}

  /** A connection; `undefined` when it is refused. It reads and ignores what comes. */
  async open(address = this.address): Promise<Socket | undefined> {
    const socket = connect({ port: this.port, host: '127.0.0.1', localAddress: address });
    socket.on('error', () => {});
    this.#sockets.push(socket);
    await Promise.race([once(socket, 'connect'), once(socket, 'close')]).catch(() => {});
    return socket.connecting || socket.destroyed ? undefined : socket.resume();
  }

  async openMany(count: number, address?: string): Promise<Socket[]> {
    const all = await Promise.all(Array.from({ length: count }, () => this.open(address)));
    return all.filter((socket) => socket !== undefined);
  }

  /** Sends a request on a connection of its own; status and code of the answer. */
  async send(head: string, body: Iterable<string | Buffer> = []): Promise<string> {
    const socket = await this.open();
    if (socket === undefined) return 'refused';
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1');
    });
    const closed = new Promise((resolve) => socket.once('close', resolve));
    const connection = /\nupgrade:/.test(head) ? 'upgrade' : 'close';
    socket.write(`${head}\r\nhost: x\r\nconnection: ${connection}\r\n\r\n`);
    for (const part of body) {
      if (socket.destroyed) break;
      if (!socket.write(part)) {
        await Promise.race([new Promise((resolve) => socket.once('drain', resolve)), closed]);
      }
    }
    await closed;
    return shortOf(answer);
  }

  /** A request with a body, announced. @param token for the `Authorization` header */
  post(path: string, body: string, { token = '', more = '' } = {}): Promise<string> {
    const headers = `${token && `\r\nauthorization: Bearer ${token}`}${more}`;
    const length = `\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}`;
    return this.send(`POST ${path} HTTP/1.1${headers}${length}`, [body]);
  }

  /** A body in chunks of HTTP. */
  chunked(path: string, pieces: Iterable<string>): Promise<string> {
    const chunks = function* () {
      for (const piece of pieces) yield `${piece.length.toString(16)}\r\n${piece}\r\n`;
      yield '0\r\n\r\n';
    };
    return this.send(`POST ${path} HTTP/1.1\r\ntransfer-encoding: chunked`, chunks());
  }

  /** Connections that are open. */
  get held(): number {
    return this.#sockets.filter(({ destroyed }) => !destroyed).length;
  }

  leave(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}

/** Status and code of an answer; the status alone when it is no refusal. */
function shortOf(answer: string): string {
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  const status = head.slice(9, 12) || 'none';
  const { errors } = body.startsWith('{') ? JSON.parse(body) : {};
  const code = errors?.[0]?.code ?? errors?.[0]?.extensions?.code;
  return code === undefined ? status : `${status} ${code}`;
}
