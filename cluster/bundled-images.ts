/** The server that the kit bundles; it can act as every generation. */
export const isBundledServer = (image: string) => /^clusterkit\/dev-server($|[:@])/.test(image);

/** The MariaDB that the kit bundles, for the bundled server only. */
export const isBundledMysql = (image: string) => /^clusterkit\/mysql($|[:@])/.test(image);

/** Any image that the kit bundles: no registry contains it. */
export const isBundled = (image: string) => image.startsWith('clusterkit/');

/** The gateway, and the relay to external databases. Its version is the kit's. */
export const BUNDLED_GATEWAY = 'clusterkit/gateway:0.1.0';

/** Node.js with npm and the functions framework: functions are built on it. */
export const BUNDLED_FUNCTIONS = 'clusterkit/functions:0.1.0';

/** Caddy, which serves a cluster's certificate. */
export const BUNDLED_PROXY = 'clusterkit/caddy:2.6';

/** HAProxy, which routes requests to applications. */
export const BUNDLED_EDGE = 'clusterkit/haproxy:2.6';

/** pgbouncer, which bounds the connections of applications to a database, and psql. */
export const BUNDLED_POOL = 'clusterkit/pgbouncer:1.18';
