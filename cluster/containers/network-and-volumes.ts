import { objectName } from '../names.js';
import { type ClusterMarks, clusterLabels } from './cluster-labels.js';
import type { VolumeRole } from './container-description.js';
import type { ContainersProps } from './containers-props.js';
import type { AppVolumeRole } from './engine-container.js';

/** What {@link networkAndVolumes} takes. */
export interface NetworkAndVolumesProps
  extends Pick<ContainersProps, keyof ClusterMarks | 'isRelayed' | 'certificates'> {
  /** Directory of the machine for the data. @default - the engine's own */
  readonly dataDirectory?: string | undefined;
}

/** The network and the volumes that a cluster's containers need. */
export function networkAndVolumes(props: NetworkAndVolumesProps) {
  const { cluster, dataDirectory } = props;
  const volume = (role: VolumeRole, device?: string) => ({
    Name: objectName(cluster, role),
    Labels: clusterLabels(props, role),
    ...(device !== undefined && {
      Driver: 'local',
      DriverOpts: { type: 'none', o: 'bind', device },
    }),
  });
  return {
    network: {
      Name: objectName(cluster, 'network'),
      Driver: 'bridge',
      Labels: clusterLabels(props, 'network'),
    },
    volumes: [
      ...(props.isRelayed ? [] : [volume('data', dataDirectory)]),
      volume('config'),
      ...(props.certificates ? [volume('certificates')] : []),
    ],
  };
}

/** A volume that applications need, as the engine's API expects it. */
export const appVolume = (marks: ClusterMarks, role: AppVolumeRole) => ({
  Name: objectName(marks.cluster, role),
  Labels: clusterLabels(marks, role),
});
