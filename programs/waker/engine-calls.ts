import { Agent, request } from 'node:http';

/** An engine's answer. */
export interface EngineAnswer {
  readonly status: number;
  /** The JSON of it; `undefined` when there is none. */
  readonly body: unknown;
}

/** Calls the engine's API; rejects when the engine cannot be reached, or not in time. */
export type CallEngine = (method: 'GET' | 'POST', path: string) => Promise<EngineAnswer>;

/** A stop lasts as long as its container's grace period. */
const CALL_MS = 120_000;
/** The list of a cluster's functions has a few KB for each. */
const MOST_BYTES = 8e6;

/** The engine behind a unix socket. */
export function engineAt(socketPath: string): CallEngine {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  return (method, path) =>
    new Promise((resolve, reject) => {
      const call = request({ socketPath, agent, method, path, timeout: CALL_MS }, (answer) => {
        const parts: Buffer[] = [];
        let bytes = 0;
        answer.on('data', (part: Buffer) => {
          bytes += part.length;
          if (bytes > MOST_BYTES) call.destroy(new Error('the engine answers with too much'));
          else parts.push(part);
        });
        answer.once('error', reject);
        answer.once('end', () => {
          const body = jsonOf(Buffer.concat(parts).toString());
          resolve({ status: answer.statusCode ?? 0, body });
        });
      });
      call.once('timeout', () => call.destroy(new Error('the engine does not answer in time')));
      call.once('error', reject);
      call.end();
    });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
