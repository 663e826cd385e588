import type Docker from 'dockerode';
import { DOCUMENT_FILE } from '../../apps/document/document.js';
import { runInContainer } from '../../clients/docker/run-in-container.js';
import { APPS_DIRECTORY } from '../../cluster/names.js';

/** Damages the file that says what is deployed, through a running edge. */
export async function damageDocument(edge: Docker.Container): Promise<void> {
  const path = `${APPS_DIRECTORY}/${DOCUMENT_FILE}`;
  const { exitCode, output } = await runInContainer(edge, ['sh', '-c', `echo '{' > ${path}`]);
  if (exitCode !== 0) throw new Error(output);
}
