import { runInContainer } from '../../../clients/docker/run-in-container.js';
import type { TestFunctions } from './test-functions.js';

/**
 * Sends texts to the waker's socket, each on a connection of its own, from the container that has it. Prints a list:
 * the statuses of the answers, or `closed` when the connection ended without one.
 */
const CLIENT = `
const net = require('node:net');
const [, texts, mode] = process.argv;
const one = (text) => new Promise((resolve) => {
  let got = '';
  const socket = net.connect('/run/clusterkit-wake/waker.sock', () => socket.write(text, 'latin1'));
  const limit = setTimeout(() => socket.destroy(), 30_000);
  socket.on('data', (data) => { got += data; });
  socket.on('error', () => {});
  socket.on('close', () => {
    clearTimeout(limit);
    resolve(got.match(/^HTTP\\/1.1 \\d+/gm)?.map((line) => line.slice(9)).join(' ') || 'closed');
  });
});
(async () => {
  let answers = [];
  const { list, times } = JSON.parse(Buffer.from(texts, 'base64'));
  if (mode === 'at once') answers = await Promise.all(Array(times).fill(list).flat().map(one));
  else for (const text of list) answers.push(await one(text));
  console.log(JSON.stringify(answers));
})();
`;

/** Sends texts as the activator could. @param times all of them at once, so often; else one after the other */
export async function sendRaw(
  functions: TestFunctions,
  list: readonly string[],
  times?: number,
): Promise<string[]> {
  const texts = Buffer.from(JSON.stringify({ list, times })).toString('base64');
  const mode = times === undefined ? 'in turn' : 'at once';
  const argv = ['node', '-e', CLIENT, texts, mode];
  const { output } = await runInContainer(functions.get('activator'), argv);
  return JSON.parse(output);
}

/** A whole request without a body. */
export const line = (method: string, target: string, headers = '') =>
  `${method} ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${headers}\r\n`;
