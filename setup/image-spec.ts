import { join } from 'node:path';
import {
  BUNDLED_EDGE,
  BUNDLED_FUNCTIONS,
  BUNDLED_POOL,
  BUNDLED_PROXY,
} from '../cluster/bundled-images.js';
import { bundleFile } from './bundle-part.js';
import { packagesFile } from './packages-part.js';

/** A bundled image, before anything is known about its inputs. */
export interface ImageSpec {
  /** Short name, used in the cache. */
  readonly name: string;
  /** Full name in the engine. Part of the public interface. */
  readonly tag: string;
  /** Files of the build by their name in it; one is `Dockerfile`. */
  readonly files: Readonly<Record<string, string>>;
  /** What takes the place of the public base where that cannot be pulled. @default debian */
  readonly madeBase?: 'debian' | 'node';
}

/** The images that the kit bundles. `version` is the kit's own. */
export const bundledImages = (root: string, version: string): ImageSpec[] => {
  const image = (name: string, ...files: string[]) =>
    Object.fromEntries(
      ['Dockerfile', ...files].map((file) => [file, join(root, 'images', name, file)]),
    );
  const shared = (file: string) => ({ [file]: join(root, 'images', file) });
  return [
    {
      name: 'postgres',
      tag: 'clusterkit/postgres:15',
      files: {
        ...image('postgres', 'entrypoint.sh', 'healthcheck.sh'),
        ...shared('first-boot.sh'),
      },
    },
    {
      name: 'mysql',
      tag: 'clusterkit/mysql:10.11',
      files: {
        ...image('mysql', 'entrypoint.sh', 'healthcheck.sh', 'my.cnf'),
        ...shared('first-boot.sh'),
      },
    },
    {
      name: 'dev-server',
      tag: `clusterkit/dev-server:${version}`,
      files: {
        ...image('dev-server', 'healthcheck.sh'),
        ...shared('ask.sh'),
        'server.mjs': bundleFile(root, 'dev-server'),
      },
    },
    {
      name: 'gateway',
      tag: `clusterkit/gateway:${version}`,
      files: {
        ...image('gateway', 'usage.mjs'),
        ...shared('ask.sh'),
        'server.mjs': bundleFile(root, 'gateway'),
        'relay.mjs': bundleFile(root, 'relay'),
        'activator.mjs': bundleFile(root, 'activator'),
        'waker.mjs': bundleFile(root, 'waker'),
      },
    },
    { name: 'haproxy', tag: BUNDLED_EDGE, files: { ...image('haproxy'), ...shared('ask.sh') } },
    { name: 'pgbouncer', tag: BUNDLED_POOL, files: image('pgbouncer') },
    {
      name: 'functions',
      tag: BUNDLED_FUNCTIONS,
      files: {
        ...image('functions', 'start.sh'),
        'packages.tar': packagesFile(root, 'functions'),
      },
      madeBase: 'node',
    },
    { name: 'caddy', tag: BUNDLED_PROXY, files: { ...image('caddy'), ...shared('ask.sh') } },
  ];
};
