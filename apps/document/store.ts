import { type Engine, statusOf } from '../../clients/docker/connect.js';
import { withCourier } from '../../cluster/configuration/courier.js';
import { fillDirectory, fillVolume } from '../../cluster/configuration/fill-volume.js';
import { readFiles } from '../../cluster/configuration/read-files.js';
import { type ClusterMarks, clusterLabels } from '../../cluster/containers/cluster-labels.js';
import { APPS_DIRECTORY, objectName } from '../../cluster/names.js';
import { ensureVolume } from '../../cluster/objects/ensure-objects.js';
import { Secret } from '../../lib/secret.js';
import { edgeName } from '../edge/describe-edge.js';
import {
  type AppsDocument,
  DOCUMENT_FILE,
  documentText,
  NO_APPS,
  parseDocument,
} from './document.js';

/** Where a cluster's document is. */
export interface DocumentPlace {
  readonly engine: Engine;
  readonly marks: ClusterMarks;
  /** Any image that the engine has. */
  readonly image: string;
}

/**
 * What is deployed; nothing when there is no volume.
 * @returns `undefined` when the document is damaged
 */
export async function readDocument(place: DocumentPlace): Promise<AppsDocument | undefined> {
  const volume = volumeOf(place);
  try {
    await place.engine.getVolume(volume.volume).inspect();
  } catch (error) {
    if (statusOf(error) === 404) return NO_APPS;
    throw error;
  }
  const files =
    (await readFiles(edgeOf(place), 0, APPS_DIRECTORY)) ??
    (await withCourier(place.engine, volume, (courier) => readFiles(courier)));
  const text = files?.get(DOCUMENT_FILE)?.reveal();
  return text === undefined ? NO_APPS : parseDocument(text);
}

/** Stores what is deployed; makes the volume when it is missing. */
export async function writeDocument(place: DocumentPlace, document: AppsDocument): Promise<void> {
  const { engine, marks } = place;
  const Name = objectName(marks.cluster, 'apps');
  await ensureVolume(engine, { Name, Labels: clusterLabels(marks, 'apps') });
  const files = { [DOCUMENT_FILE]: new Secret(documentText(document)) };
  const edge = edgeOf(place);
  const existing = await readFiles(edge, 0, APPS_DIRECTORY);
  if (existing === undefined) await fillVolume(engine, volumeOf(place), files);
  else await fillDirectory(edge, APPS_DIRECTORY, existing, files);
}

/** The edge mounts the volume, running or not: where there is one, nobody else is needed to reach the files. */
const edgeOf = ({ engine, marks }: DocumentPlace) =>
  engine.getContainer(edgeName(marks.cluster, 1));

const volumeOf = ({ marks: { cluster, project }, image }: DocumentPlace) => ({
  ...{ cluster, project, image },
  volume: objectName(cluster, 'apps'),
});
