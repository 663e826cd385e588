/**
 * What a function of the tests runs: one file for Node.js. It answers with what shows whether it is the same process,
 * with the same file in /tmp and the same connection to `PEER`, when that is set.
 */
export const FUNCTION_PROGRAM = `
const http = require('node:http');
const net = require('node:net');
const fs = require('node:fs');
const { pid } = process;
const boot = Math.random().toString(36).slice(2);
let served = 0;
fs.writeFileSync('/tmp/boot', boot);
const peer = process.env.PEER ? net.connect(7000, process.env.PEER) : undefined;
const state = () => ({ boot, host: process.env.HOSTNAME, served, file: fs.readFileSync('/tmp/boot', 'utf8'),
  connection: peer && !peer.destroyed ? peer.localPort : null });
if (process.env.BROKEN) { console.error('cannot load the module'); process.exit(3); }
const server = http.createServer((request, response) => {
  served += 1;
  const url = new URL(request.url, 'http://x');
  if (url.pathname === '/never') return;
  if (url.pathname === '/crash') return process.exit(7);
  if (url.pathname === '/hold') return setTimeout(() => response.end(JSON.stringify(state())), Number(url.searchParams.get('ms')));
  if (url.pathname === '/echo') { response.writeHead(200, { 'x-length': request.headers['content-length'] ?? '' }); return request.pipe(response); }
  if (url.pathname === '/headers') return response.end(JSON.stringify(request.rawHeaders));
  if (url.pathname === '/large') { response.writeHead(200); const part = Buffer.alloc(65536, 'x'); let left = Number(url.searchParams.get('parts'));
    const more = () => { while (left-- > 0) if (!response.write(part)) return response.once('drain', more); response.end(); }; return more(); }
  if (peer) return peer.once('data', (answer) => response.end(JSON.stringify({ ...state(), peer: String(answer) }))) && peer.write('?');
  response.end(JSON.stringify(state()));
});
server.on('upgrade', (request, socket) => {
  socket.write('HTTP/1.1 101 Switching Protocols\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\n\\r\\n');
  socket.on('data', (data) => socket.write(data));
  socket.on('error', () => {});
});
setTimeout(() => server.listen(Number(process.env.PORT)), Number(process.env.SLOW ?? 0));
process.on('SIGTERM', () => process.exit(0));
`;

/** A peer of functions: answers each message with the number of its connection. */
export const PEER_PROGRAM = `
let count = 0;
require('node:net').createServer((socket) => {
  const own = ++count;
  socket.on('data', () => socket.write(String(own)));
  socket.on('error', () => {});
}).listen(7000);
process.on('SIGTERM', () => process.exit(0));
`;
