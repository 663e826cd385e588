import type { Generation } from './generation.js';

/** First segments of the paths under which a server has its management API. */
export const MANAGEMENT_PATHS: Readonly<Record<Generation, readonly string[]>> = {
  A: ['cluster'],
  B: ['management', 'cluster'],
  C: ['management'],
};

/** Last segments that servers read as an endpoint of a service, not as its stage. */
export const ENDPOINTS = ['import', 'export', 'private'] as const;

/** Names of services and stages that servers accept. */
export const SERVICE_NAME = /^[A-Za-z][\w~-]{0,139}$/;
export const STAGE_NAME = /^[A-Za-z][\w-]{0,29}$/;

/** Whether a server has its management API at a path that begins with this segment. */
export const isManagementPath = (segment: string, generation: Generation): boolean =>
  // Servers up to 1.26 compare the beginning of the path only.
  generation === 'C'
    ? MANAGEMENT_PATHS.C.includes(segment)
    : MANAGEMENT_PATHS[generation].some((path) => segment.startsWith(path));

/** Why a service can be deployed under these names, but never be reached. */
export interface ReservedName {
  /** Which of the two names. */
  readonly which: 'service' | 'stage';
  readonly reason: string;
}

/**
 * Whether a server of `generation` would take requests to the service for something else. Servers from
 * 1.7 on refuse most of these names themselves; the bundled one, and older ones, deploy them.
 */
export function reservedName(
  { service, stage }: { readonly service: string; readonly stage: string },
  generation: Generation,
): ReservedName | undefined {
  const path = [...MANAGEMENT_PATHS[generation], 'cluster'].find((each) => each === service);
  if (path !== undefined) {
    return { which: 'service', reason: `/${path} is the path of the management API` };
  }
  if (isManagementPath(service, generation)) {
    const owner = MANAGEMENT_PATHS[generation].find((each) => service.startsWith(each));
    const reason = `servers of this version take all paths that begin with /${owner} for their management API`;
    return { which: 'service', reason };
  }
  const endpoint = ENDPOINTS.find((each) => each === stage);
  if (endpoint === undefined) return undefined;
  return {
    which: 'stage',
    reason: `/${service}/${endpoint} is an endpoint of the stage 'default'`,
  };
}
