/** The server that the kit bundles; it plays every generation. */
export const isBundledServer = (image: string) => /^clusterkit\/dev-server($|[:@])/.test(image);

/** The MariaDB that the kit bundles, for the bundled server only. */
export const isBundledMysql = (image: string) => /^clusterkit\/mysql($|[:@])/.test(image);

/** Any image that the kit bundles: no registry has it. */
export const isBundled = (image: string) => image.startsWith('clusterkit/');
