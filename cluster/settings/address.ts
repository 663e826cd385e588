import { isIP } from 'node:net';
import { z } from 'zod';

const ADDRESS = 'should be an IP address or a host name, without a port';
const BIND = 'should be an IP address of the machine of the Docker engine, or 0.0.0.0 for all';

/** Where the kit and its clients reach a cluster. */
export const address = z
  .string(ADDRESS)
  .regex(/^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$|^[0-9A-Fa-f:.]+$/, ADDRESS)
  .refine((text) => isIP(text) > 0 || !/:|^[\d.]+$/.test(text), ADDRESS)
  .describe(
    'Address at which this machine reaches the server: an IP address or a name; the registry entry has it. Set it where the Docker engine is on another machine, or outside of the container in which clusterkit runs. Default: 127.0.0.1.',
  );

/** Where the engine publishes a cluster's port. */
export const bind = z
  .string(BIND)
  .refine((text) => isIP(text) > 0, BIND)
  .describe(
    'IP address on which the Docker engine publishes the port; 0.0.0.0 for all of its machine. Everybody who reaches it reaches the server, without TLS. Default: address; required when that is a name.',
  );
