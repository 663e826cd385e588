import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BUNDLED_GATEWAY } from '../../cluster/bundled-images.js';
import { IMAGES } from './test-project.js';

/**
 * An application: answers with its version, the size of the body and what it was given, after `?ms=`; takes memory at
 * `/eat`; writes to its log at `/say?text=`; ends at SIGTERM when all is answered. `MODE` breaks it.
 */
const PROGRAM = `
const version = require('node:fs').readFileSync('/app/version', 'utf8').trim();
const { MODE, GREETING = '', TOKEN = '', PORT = '3000' } = process.env;
if (MODE === 'ends') { console.error('no database: ' + TOKEN); process.exit(7); }
const hoard = [];
const eat = () => { for (;;) hoard.push(Buffer.alloc(8 << 20, 1)); };
if (MODE === 'eats') eat();
const server = require('node:http').createServer((request, response) => {
  let bytes = 0;
  request.on('data', (chunk) => { bytes += chunk.length; });
  request.on('end', () => {
    const { pathname, searchParams } = new URL(request.url, 'http://any');
    if (pathname === '/eat') eat();
    if (pathname === '/say') console.log(searchParams.get('text'), TOKEN);
    if (pathname === '/health' && MODE === 'ill') {
      response.statusCode = 503;
      return response.end('still warming up');
    }
    const answer = JSON.stringify({ version, bytes, greeting: GREETING, token: TOKEN });
    setTimeout(() => response.end(answer), Number(searchParams.get('ms') ?? 0));
  });
});
server.listen(Number(PORT), () => console.log('release', version, 'listens'));
process.on('SIGTERM', () => server.close(() => process.exit(0)));
`;

/**
 * Writes the directory of an application whose answers `startLoad` accepts.
 * @param lines further ones of its Dockerfile
 */
export async function writeWeb(
  directory: string,
  version: string,
  lines: readonly string[] = [],
  base = BUNDLED_GATEWAY,
): Promise<void> {
  await mkdir(directory, { recursive: true });
  const dockerfile = [
    `FROM ${base}`,
    'HEALTHCHECK NONE',
    'ENTRYPOINT []',
    'CMD ["node", "/app/web.cjs"]',
    'COPY web.cjs version /app/',
    ...lines,
  ];
  await writeFile(join(directory, 'Dockerfile'), `${dockerfile.join('\n')}\n`);
  await writeFile(join(directory, 'web.cjs'), PROGRAM);
  await writeFile(join(directory, 'version'), `${version}\n`);
}

/** Writes the directory of a function that answers with its version, and how many requests its instance had. */
export async function writeHello(directory: string, version: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  const code = [
    'let requests = 0;',
    `exports.handler = (_, response) => response.send({ version: '${version}', requests: ++requests });`,
  ];
  await writeFile(join(directory, 'index.js'), `${code.join('\n')}\n`);
  await writeFile(join(directory, 'package.json'), '{ "private": true }\n');
}

/** Writes the directory of an application that receives no requests, and has `psql`. */
export async function writeReport(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  const dockerfile = [
    `FROM ${IMAGES.database}`,
    ...['HEALTHCHECK NONE', 'ENTRYPOINT []', 'CMD ["sleep", "infinity"]', 'STOPSIGNAL SIGKILL'],
  ];
  await writeFile(join(directory, 'Dockerfile'), `${dockerfile.join('\n')}\n`);
}
