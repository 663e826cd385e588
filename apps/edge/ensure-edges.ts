import { type Engine, statusOf } from '../../clients/docker/connect.js';
import { putFile } from '../../clients/docker/put-file.js';
import { removeContainer } from '../../clients/docker/remove-container.js';
import { withCourier } from '../../cluster/configuration/courier.js';
import { engineOptions } from '../../cluster/containers/engine-options.js';
import { appVolume } from '../../cluster/containers/network-and-volumes.js';
import { CONFIG_DIRECTORY } from '../../cluster/names.js';
import { type EnsureOutcome, ensureVolume } from '../../cluster/objects/ensure-objects.js';
import { ensurePublished } from '../../cluster/objects/ensure-published.js';
import { describeEdge, EDGE_FILE, type EdgeProps, edgeName } from './describe-edge.js';
import { findEdges } from './find-edges.js';
import { planEdges } from './plan-edges.js';
import { explainTaken } from './port-taken.js';
import { renderHaproxy } from './render-haproxy.js';

/**
 * Makes the edges of a cluster with the published ports that its applications need; its network must exist. A port
 * that is new gets a further edge, so that no connection of the others ends; another image replaces an edge, which
 * takes a second. Can be interrupted and repeated.
 *
 * @param restartEngine for ports that the engine does not release: see `ensurePublished`. @default - nobody may
 * @returns outcomes by the names of the containers
 * @throws KitError `port-taken`, `name-taken` (exit 3)
 */
export async function ensureEdges(
  engine: Engine,
  props: EdgeProps,
  restartEngine?: () => Promise<void>,
): Promise<Readonly<Record<string, EnsureOutcome | 'removed'>>> {
  const { cluster } = props;
  const found = await findEdges(engine, cluster);
  const { wanted, obsolete } = planEdges(found, props.ports);
  await ensureVolume(engine, appVolume(props, 'apps'));
  // One that runs has read its configuration.
  if (!found.some(({ isRunning }) => isRunning)) await ensureConfiguration(engine, props);
  const outcomes: Record<string, EnsureOutcome | 'removed'> = {};
  for (const number of obsolete) {
    await removeContainer(engine, edgeName(cluster, number));
    outcomes[edgeName(cluster, number)] = 'removed';
  }
  for (const { number, ports } of wanted) {
    const options = engineOptions(describeEdge(props, number, ports), '');
    const ensured = ensurePublished(engine, options, restartEngine);
    outcomes[options.name] = await ensured.catch(async (error) => {
      throw await explainTaken(engine, cluster, options.name, error);
    });
  }
  return outcomes;
}

/** An edge that starts needs a configuration: the first one routes nothing. */
async function ensureConfiguration(
  engine: Engine,
  { cluster, project, image, ...marks }: EdgeProps,
) {
  const volume = {
    cluster,
    project,
    image,
    volume: appVolume({ cluster, project, ...marks }, 'apps').Name,
  };
  await withCourier(engine, volume, async (courier) => {
    const path = `${CONFIG_DIRECTORY}/${EDGE_FILE}`;
    const found = await courier.infoArchive({ path }).catch((error) => {
      if (statusOf(error) !== 404) throw error;
    });
    if (found !== undefined) return;
    await putFile(courier, CONFIG_DIRECTORY, EDGE_FILE, renderHaproxy([]));
  });
}
