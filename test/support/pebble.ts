import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type Docker from 'dockerode';
import { pack } from 'tar-stream';
import { Agent, request } from 'undici';
import { follow } from '../../clients/docker/follow-progress.js';
import { BUNDLED_PROXY } from '../../cluster/bundled-images.js';
import { newPinnedCertificate } from '../../cluster/configuration/pinned-certificate.js';
import { CONFIG_DIRECTORY } from '../../cluster/names.js';
import { engine } from './engine-traces.js';
import { eventually } from './service.js';

const IMAGE = 'clusterkit-test/pebble:2.4';
const DOCKERFILE = `FROM ${BUNDLED_PROXY}
RUN apt-get update -q && apt-get install -q -y --no-install-recommends pebble \\
  && apt-get clean && rm -rf /var/lib/apt/lists/*
HEALTHCHECK NONE
CMD ["pebble", "-config", "${CONFIG_DIRECTORY}/pebble.json"]
`;
/** Its name in the network of a test. */
const NAME = 'pebble';

/** What {@link startPebble} takes. */
export interface PebbleProps {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly network: string;
  /** Of its own in the network, by which it is known then. @default - it is known by name */
  readonly address?: string;
  /** How long its certificates are good. */
  readonly validitySeconds: number;
}

/** A certificate authority for tests (pebble), in a network that a test made. */
export interface Pebble {
  readonly container: Docker.Container;
  /** As clients in the network reach it. */
  readonly directory: string;
  /** What its own https is trusted by (PEM). */
  readonly ownCertificate: string;
  /** Root of all certificates that it gives (PEM); another one at every start. */
  readonly root: string;
}

/** Starts one; it validates on port 80 of what it is asked for. */
export async function startPebble(props: PebbleProps): Promise<Pebble> {
  const { name, labels, network, validitySeconds } = props;
  const host = props.address ?? NAME;
  await ensureImage();
  const own = await newPinnedCertificate({ cluster: NAME, host, now: new Date() });
  const file = (path: string) => `${CONFIG_DIRECTORY}/${path}`;
  const container = await engine.createContainer({
    ...{ name, Image: IMAGE, Labels: labels },
    Env: ['PEBBLE_VA_NOSLEEP=1', 'PEBBLE_WFE_NONCEREJECT=0'],
    NetworkingConfig: {
      EndpointsConfig: {
        [network]: {
          Aliases: [NAME],
          ...(props.address && { IPAMConfig: { IPv4Address: props.address } }),
        },
      },
    },
    HostConfig: {
      Init: true,
      NetworkMode: network,
    },
  });
  const archive = pack();
  archive.entry({ name: 'run/clusterkit', type: 'directory' });
  const put = (path: string, text: string) => archive.entry({ name: file(path).slice(1) }, text);
  put('own.pem', own.certificate);
  put('own-key.pem', own.key.reveal());
  put(
    'pebble.json',
    JSON.stringify({
      pebble: {
        listenAddress: '0.0.0.0:14000',
        managementListenAddress: '0.0.0.0:15000',
        certificate: file('own.pem'),
        privateKey: file('own-key.pem'),
        httpPort: 80,
        tlsPort: 443,
        ocspResponderURL: '',
        externalAccountBindingRequired: false,
        certificateValidityPeriod: validitySeconds,
      },
    }),
  );
  archive.finalize();
  await container.putArchive(await buffer(archive), { path: '/' });
  await container.start();
  const address = (await container.inspect()).NetworkSettings.Networks[network]?.IPAddress ?? '';
  const dispatcher = new Agent({
    connect: { ca: own.certificate, servername: props.address ? '' : NAME },
  });
  const root = await eventually(async () => {
    const { body } = await request(`https://${address}:15000/roots/0`, { dispatcher, reset: true });
    return body.text();
  });
  await dispatcher.close();
  return {
    container,
    directory: `https://${host}:14000/dir`,
    ownCertificate: own.certificate,
    root,
  };
}

async function ensureImage(): Promise<void> {
  const isThere = await engine
    .getImage(IMAGE)
    .inspect()
    .catch(() => undefined);
  if (isThere !== undefined) return;
  const context = pack();
  context.entry({ name: 'Dockerfile' }, DOCKERFILE);
  context.finalize();
  const stream = await engine.buildImage(Readable.from([await buffer(context)]), {
    t: IMAGE,
    rm: true,
    forcerm: true,
  });
  await follow(engine, stream, () => undefined);
}
