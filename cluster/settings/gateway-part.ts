import type { Problem } from '../../lib/errors.js';
import { BUNDLED_GATEWAY, BUNDLED_PROXY } from '../bundled-images.js';
import { limits } from './common-schema.js';
import type { ClusterEntry } from './entry.js';
import type { GatewaySettings, Tls } from './settings.js';

/** Does the cluster have a gateway in front of its server? */
export const hasGateway = (entry: ClusterEntry): boolean =>
  (entry.gateway ?? false) !== false || reasons(entry).length > 0;

/** The gateway of a cluster, or `undefined`. */
export function gatewayPart(entry: ClusterEntry): GatewaySettings | undefined {
  if (!hasGateway(entry)) return undefined;
  return {
    image: imagesOf(entry).image ?? BUNDLED_GATEWAY,
    ...(entry.kind === 'development' && { limits: entry.limits ?? limits.parse({}) }),
  };
}

/** How a cluster serves https, or `undefined`. */
export function tlsPart(entry: ClusterEntry): Tls | undefined {
  const proxyImage = imagesOf(entry).proxyImage ?? BUNDLED_PROXY;
  const { domain, acme: { email, directory, caFile } = {}, tls } = entry;
  if (domain === undefined) return tls && { proxyImage, kind: tls };
  return {
    ...{ proxyImage, kind: 'acme', domain },
    ...(email !== undefined && { email }),
    ...(directory !== undefined && { directory }),
    ...(caFile !== undefined && { caFile }),
  };
}

/** Conflicts between settings of the gateway. @param path of the cluster in its file */
export function gatewayProblems(path: string, entry: ClusterEntry): Problem[] {
  const problems: Problem[] = [];
  if (entry.limits !== undefined && entry.kind !== 'development') {
    problems.push({
      path: `${path}.limits`,
      message: 'only development clusters have limits',
      hint: 'Set kind: development, or remove limits.',
    });
  }
  for (const reason of entry.gateway === false ? reasons(entry) : []) {
    problems.push({
      path: `${path}.gateway`,
      message: `is false, but ${reason} needs a gateway`,
      hint: `Remove gateway or ${reason}.`,
    });
  }
  if (entry.domain !== undefined && entry.tls !== undefined) {
    problems.push({
      path: `${path}.tls`,
      message: 'cannot be pinned together with domain, which has a publicly trusted certificate',
      hint: 'Remove one of the two.',
    });
  }
  if (entry.acme !== undefined && entry.domain === undefined) {
    problems.push({
      path: `${path}.acme`,
      message: 'is for the certificate of a domain, but domain is not set',
      hint: 'Set domain, or remove acme.',
    });
  }
  return problems;
}

/** Settings that need a gateway. */
function reasons(entry: ClusterEntry): string[] {
  const kind = entry.kind === 'development' ? ['kind: development'] : [];
  const { data, domain, tls } = entry;
  const keys = Object.entries({ data, domain, tls });
  return [...kind, ...keys.flatMap(([key, value]) => (value ? [key] : []))];
}

const imagesOf = ({ gateway }: ClusterEntry) => (typeof gateway === 'object' ? gateway : {});
