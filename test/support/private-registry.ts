import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';

/** A registry on loopback with one small image, which demands this name and password. */
export interface PrivateRegistry {
  /** Such as `127.0.0.1:34567`; engines accept plain http on loopback. */
  readonly host: string;
  readonly image: string;
  /** Every request for the image: did it have the login? */
  readonly asked: boolean[];
  close(): void;
}

/** Opens a registry that demands Basic authentication. */
export async function openPrivateRegistry(login: string): Promise<PrivateRegistry> {
  const asked: boolean[] = [];
  const { blobs, manifest } = await smallImage();
  const expected = `Basic ${Buffer.from(login).toString('base64')}`;
  const server = createServer(({ url = '', headers }, response) => {
    const isAllowed = headers.authorization === expected;
    if (url !== '/v2/') asked.push(isAllowed);
    if (!isAllowed) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="private"' }).end();
      return;
    }
    const digest = url.split('/').at(-1) ?? '';
    const body = url.includes('/manifests/') ? manifest.bytes : blobs.get(digest);
    const type = url.includes('/manifests/') ? manifest.type : 'application/octet-stream';
    if (url === '/v2/') response.writeHead(200).end('{}');
    else if (body === undefined) response.writeHead(404).end('{}');
    else {
      const digestOf = { 'docker-content-digest': digestFor(body) };
      response.writeHead(200, { 'content-type': type, 'content-length': body.length, ...digestOf });
      response.end(body);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { host, image: `${host}/private/small:1`, asked, close };
}

const digestFor = (bytes: Buffer) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** An image of one layer with one file. */
async function smallImage() {
  const archive = pack();
  archive.entry({ name: 'hello' }, `hello ${Date.now()}\n`);
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(Buffer.from(chunk as Buffer));
  const tar = Buffer.concat(chunks);
  const layer = gzipSync(tar);
  const config = Buffer.from(
    JSON.stringify({
      architecture: process.arch === 'x64' ? 'amd64' : process.arch,
      os: 'linux',
      config: {},
      rootfs: { type: 'layers', diff_ids: [digestFor(tar)] },
    }),
  );
  const type = 'application/vnd.docker.distribution.manifest.v2+json';
  const described = (bytes: Buffer, mediaType: string) => ({
    mediaType: `application/vnd.docker.${mediaType}`,
    size: bytes.length,
    digest: digestFor(bytes),
  });
  const bytes = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: type,
      config: described(config, 'container.image.v1+json'),
      layers: [described(layer, 'image.rootfs.diff.tar.gzip')],
    }),
  );
  const blobs = new Map([config, layer].map((each) => [digestFor(each), each]));
  return { blobs, manifest: { bytes, type } };
}
