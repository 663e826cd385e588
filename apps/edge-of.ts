import { removeContainer } from '../clients/docker/remove-container.js';
import { BUNDLED_EDGE } from '../cluster/bundled-images.js';
import type { AppsDocument } from './document/document.js';
import { type Routed, routed } from './document/routes.js';
import { applyEdge } from './edge/apply-edge.js';
import { askInstance, reachInstance } from './edge/ask-instance.js';
import { edgeName } from './edge/describe-edge.js';
import type { EdgeInstance, EdgeRoute } from './edge/edge-route.js';
import { ensureEdges } from './edge/ensure-edges.js';
import { findEdges } from './edge/find-edges.js';
import { planEdges } from './edge/plan-edges.js';
import { removeEdges } from './edge/remove-edges.js';
import { renderHaproxy } from './edge/render-haproxy.js';
import type { AppsHost } from './host.js';
import { ensureKitImage } from './kit-image.js';

/** The routes of what is deployed, by name. */
export const routesOf = (document: AppsDocument): EdgeRoute[] => routed(document).map(routeOf);

function routeOf({ app, release }: Routed): EdgeRoute {
  const { kind, instances, port, published, domains, health, timeoutMs, drainMs } = release;
  return {
    ...{ app, domains, drainMs },
    ports: published === undefined ? [] : [published],
    target:
      kind === 'function'
        ? { kind: 'function' }
        : { kind: 'instances', instances: instances.map((name) => ({ name, port })) },
    ...(kind === 'app' && health !== undefined && { healthPath: health }),
    // The activator answers in time; what it answers may take as long as a start and a request.
    requestTimeoutMs: kind === 'function' ? 2 * timeoutMs + 60_000 : timeoutMs,
  };
}

/**
 * Makes the edges for all ports of both documents, so that the swap from one to the other finds them; none when nothing
 * receives requests.
 *
 * @param ahead ports that will be needed soon: an edge that is made for them now has all of them
 */
export async function ensureEdgesFor(
  host: AppsHost,
  documents: readonly AppsDocument[],
  ahead: readonly number[] = [],
): Promise<void> {
  const routes = documents.flatMap(routesOf);
  if (routes.length === 0 && ahead.length === 0) return;
  const ports = [...routes.flatMap((route) => route.ports), ...ahead];
  const image = await ensureKitImage(host, BUNDLED_EDGE);
  const { engine, machine, marks, place, context } = host;
  const { restartEngine: restart } = machine;
  await ensureEdges(
    engine,
    { ...marks, image, ip: place.publishIp, ports: [...new Set(ports)] },
    restart && (() => restart(context.signal)),
  );
}

/** Removes the edges that no port of what is deployed needs: a deployment was interrupted. */
export async function removeNeedlessEdges(
  { engine, marks: { cluster } }: Pick<AppsHost, 'engine' | 'marks'>,
  document: AppsDocument,
): Promise<void> {
  const routes = routesOf(document);
  if (routes.length === 0) return removeEdges(engine, cluster);
  const ports = routes.flatMap((route) => route.ports);
  const { obsolete } = planEdges(await findEdges(engine, cluster), ports);
  for (const number of obsolete) await removeContainer(engine, edgeName(cluster, number));
}

/** Puts the routes of what is deployed in force; removes the edges when nothing receives requests. */
export async function applyRoutes(host: AppsHost, document: AppsDocument): Promise<void> {
  const { engine, marks } = host;
  const routes = routesOf(document);
  if (routes.length === 0) return removeEdges(engine, marks.cluster);
  await ensureEdgesFor(host, [document]);
  await applyEdge(engine, marks.cluster, renderHaproxy(routes));
}

/**
 * Asks an instance from inside of the cluster's network whether it can serve.
 * @param path that must answer with 200. @default - its port must accept connections
 * @returns why it cannot; `undefined`: it can
 */
export async function whyNotServing(
  { engine, marks: { cluster } }: AppsHost,
  instance: EdgeInstance,
  path: string | undefined,
): Promise<string | undefined> {
  if (path === undefined) return reachInstance(engine, cluster, instance);
  const answer = await askInstance(engine, cluster, { ...instance, path });
  if (answer.status === 200) return undefined;
  return answer.status === undefined
    ? answer.problem
    : `status ${answer.status}: ${answer.text.slice(0, 200)}`;
}
