import { GATEWAY_PORT, SERVER_PORT } from '../cluster/names.js';
import type { ClusterSettings } from '../cluster/settings/settings.js';

/** A service, as applications use it. */
export interface NamedService {
  readonly name: string;
  readonly stage: string;
}

/**
 * Where applications reach a service, from inside of the cluster's network: at the server itself. In a development
 * cluster at its gateway, so that its limits hold for applications, too. The path names service and stage in full,
 * also where they are `default`, so that every server reads it alike.
 */
export function serviceEndpoint(
  { gateway }: Pick<ClusterSettings, 'gateway'>,
  { name, stage }: NamedService,
): string {
  const isLimited = gateway?.limits !== undefined;
  const host = isLimited ? `gateway:${GATEWAY_PORT}` : `server:${SERVER_PORT}`;
  return `http://${host}/${encodeURIComponent(name)}/${encodeURIComponent(stage)}`;
}
