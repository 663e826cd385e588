import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { reasonOf } from '../log.js';
import { answerText, type OwnAnswer } from '../own-answer.js';
import { tunnel } from '../tunnel.js';
import { backHeaders, destinationOf, onwardHeaders, type Passage, UNANSWERED } from './passage.js';

/**
 * Joins a WebSocket to an instance. It takes one of the instance's places until it ends; without traffic it ends
 * after the time of a request.
 */
export async function answerUpgrade(
  passage: Passage,
  request: IncomingMessage,
  client: Duplex,
  head: Buffer,
): Promise<void> {
  const answer = (own: OwnAnswer) => {
    if (!client.destroyed) client.end(answerText(own, 0), () => client.destroy());
  };
  client.on('error', () => client.destroy());
  const destination = destinationOf(passage, request);
  if ('status' in destination) return answer(destination);
  const { runner, leave } = destination;
  const gone = new AbortController();
  client.once('close', () => {
    gone.abort();
    leave();
  });
  const turn = await runner.acquire(gone.signal);
  if (turn.outcome === 'refused') return answer(turn.answer);
  if (turn.outcome === 'gone') return undefined;
  const { instance, giveBack } = turn;
  if (client.destroyed) return giveBack();
  client.once('close', giveBack);
  tunnel(client, head, {
    server: new URL(`http://${instance.name}:${instance.spec.port}`),
    path: request.url ?? '/',
    headers: onwardHeaders(request.rawHeaders),
    answerHeaders: backHeaders,
    handshakeMs: runner.timeoutMs,
    idleMs: runner.timeoutMs,
    onStatus: () => runner.served(instance),
    onProblem(error) {
      runner.broken(instance, reasonOf(error), error.syscall !== 'connect');
      answer(UNANSWERED);
    },
  });
}
