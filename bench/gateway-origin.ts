/** The server behind the gateway in `npm run bench -- gateway`: it only answers. */
import { createServer } from 'node:http';
import { ANSWER } from './http-load.js';

const headers = { 'content-type': 'application/json', 'content-length': ANSWER.length };
createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  request.resume();
  request.once('end', () => response.writeHead(200, headers).end(ANSWER));
}).listen(Number(process.argv[2]), '127.0.0.1');
