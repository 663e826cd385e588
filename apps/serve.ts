import { removeContainer } from '../clients/docker/remove-container.js';
import { removeOldImages } from '../cluster/objects/remove-old-images.js';
import type { AppsDocument } from './document/document.js';
import { writeDocument } from './document/store.js';
import { awaitDrained } from './edge/await-drained.js';
import { applyRoutes } from './edge-of.js';
import { applyFunctionsOf, functionsDrained } from './functions-of.js';
import type { AppsHost } from './host.js';
import { findInstances } from './instances/find-instances.js';
import { stopInstance } from './instances/stop-instance.js';
import { cleanupOf, imagesToKeep } from './leftovers.js';

/** Beyond the drain of an application: what the edge itself needs to end its workers. */
const MARGIN_MS = 5000;

/**
 * Makes the machine serve what a document says: the document is stored, requests go to the current releases, those
 * from before get the time to end, and what no release needs goes. Can be interrupted and repeated: the document is
 * the truth, and each call completes what the one before left.
 *
 * @throws KitError `edge-not-applied`, `functions-not-applied`, `functions-not-ready`, `port-taken` (exit 3)
 */
export async function serve(host: AppsHost, document: AppsDocument): Promise<void> {
  await writeDocument(host, document);
  await applyFunctionsOf(host, document);
  await applyRoutes(host, document);
  await drain(host, document);
  await cleanUp(host, document);
}

/** Waits for the requests that the releases before still have; those of the last minute go on elsewhere. */
async function drain(host: AppsHost, document: AppsDocument): Promise<void> {
  const { engine, marks, context } = host;
  const releases = Object.values(document.apps).flatMap((app) => app.releases);
  const longest = Math.max(0, ...releases.map(({ drainMs }) => drainMs));
  const limit = longest + MARGIN_MS;
  const [edges, functions] = await Promise.all([
    awaitDrained(engine, marks.cluster, limit, context.signal),
    functionsDrained(host, document, limit),
  ]);
  if (!edges || !functions) {
    const seconds = longest / 1000;
    context.progress.warn(`requests of the release before did not end within ${seconds} s`);
  }
}

async function cleanUp(host: AppsHost, document: AppsDocument): Promise<void> {
  const { engine, marks } = host;
  const instances = await findInstances(engine, marks.cluster);
  const { stop, remove } = cleanupOf(document, instances);
  const running = instances.filter(({ state }) => state !== 'exited' && state !== 'created');
  const isRunning = (name: string) => running.some((each) => each.name === name);
  await Promise.all(
    [...stop, ...remove].filter(isRunning).map((name) => stopInstance(engine, name)),
  );
  await Promise.all(remove.map((name) => removeContainer(engine, name)));
  const apps = new Set([...Object.keys(document.apps), ...instances.map(({ app }) => app)]);
  for (const app of apps) {
    const releases = imagesToKeep(document, app);
    await removeOldImages(engine, { cluster: marks.cluster, app, releases });
  }
}
