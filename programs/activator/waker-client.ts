import { Agent, request } from 'node:http';
import type { WakerAction, WakerContainer } from '../../cluster/functions/waker-protocol.js';

/** Wakes containers, and puts them to sleep. */
export interface Waker {
  /** All containers of the cluster's functions. @throws when waker or engine do not answer */
  list(): Promise<readonly WakerContainer[]>;
  /** Resolves when it is done, or was so already. @throws when it cannot be done */
  act(name: string, action: WakerAction): Promise<void>;
}

/** A stop lasts as long as its container's grace period. */
const CALL_MS = 125_000;

/** The waker behind its socket. A call that lasts delays no other one. */
export function wakerAt(socketPath: string): Waker {
  const agent = new Agent({ keepAlive: true, maxSockets: 64, maxFreeSockets: 4, timeout: 30_000 });
  const call = (method: 'GET' | 'POST', path: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const calling = request(
        { socketPath, agent, method, path, timeout: CALL_MS },
        async (answer) => {
          try {
            let text = '';
            for await (const part of answer.setEncoding('utf8')) text += part;
            const { statusCode = 0 } = answer;
            if (statusCode < 300) resolve(text);
            else reject(new Error(messageIn(text) ?? `the waker answers with ${statusCode}`));
          } catch (error) {
            reject(error);
          }
        },
      );
      calling.once('timeout', () => calling.destroy(new Error('the waker does not answer')));
      calling.once('error', (error) => {
        // Left open by a waker that is gone. Each action can be repeated.
        if (calling.reusedSocket) call(method, path).then(resolve, reject);
        else reject(new Error(`the waker: ${error.message}`));
      });
      calling.end();
    });
  return {
    list: async () => JSON.parse(await call('GET', '/containers')) as WakerContainer[],
    act: async (name, action) => {
      await call('POST', `/containers/${name}/${action}`);
    },
  };
}

function messageIn(text: string): string | undefined {
  try {
    return (JSON.parse(text) as { message?: string }).message;
  } catch {
    return undefined;
  }
}
