import { type ClusterMarks, clusterLabels } from '../containers/cluster-labels.js';
import { LABEL } from '../names.js';

/** Repository of the images of an application: a tag for each release. Part of the public interface. */
export const appRepository = (cluster: string, app: string): string =>
  `clusterkit-app/${cluster}-${app}`;

/** The image of a release, such as `clusterkit-app/local-web:r3`. Part of the public interface. */
export const appImage = (cluster: string, app: string, release: string): string =>
  `${appRepository(cluster, app)}:${release}`;

/** Labels of an image that the kit builds. They have no release: the same input has the same image. */
export const imageLabels = (
  marks: ClusterMarks,
  app: string,
  digest: string,
): Record<string, string> => ({
  ...clusterLabels(marks, 'app'),
  [LABEL.app]: app,
  [LABEL.context]: digest,
});

/** The release of a tag of an application, also of the stages of its build. */
export const releaseOfTag = (tag: string): string => tag.replace(/-stage-\d+$/, '');

/** The release that an image was made for, of its name by {@link appImage}. */
export const imageRelease = (reference: string): string =>
  releaseOfTag(reference.slice(reference.lastIndexOf(':') + 1));
