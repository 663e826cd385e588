import type Docker from 'dockerode';
import { DATABASES } from '../databases.js';
import { objectName } from '../names.js';
import type { ClusterContainersProps } from './cluster-containers.js';
import { configMount, environmentList, hostOf, MIB } from './container-defaults.js';

const SECOND_NS = 1_000_000_000;

/** The database, or the relay to one elsewhere in its place. */
export function databaseOptions(props: ClusterContainersProps): Docker.ContainerCreateOptions {
  const { cluster, images, connector, memory, relay } = props;
  const facts = DATABASES[connector];
  const host = hostOf(memory.database);
  const common = (query: string) => ({
    Image: images.database,
    StopTimeout: 30,
    Healthcheck: {
      Test: ['CMD-SHELL', query],
      Interval: 10 * SECOND_NS,
      Timeout: 5 * SECOND_NS,
      StartPeriod: 30 * SECOND_NS,
      Retries: 3,
    },
  });
  if (relay !== undefined) {
    return {
      ...common(relay.query),
      Cmd: [...relay.command],
      HostConfig: { ...host, Mounts: [configMount(cluster)] },
    };
  }
  const { Image, ...rest } = common(facts.query);
  return {
    Image,
    Env: environmentList(facts.environment),
    ...rest,
    HostConfig: {
      ...host,
      ShmSize: 128 * MIB,
      Mounts: [
        { Type: 'volume', Source: objectName(cluster, 'data'), Target: facts.dataDirectory },
        configMount(cluster),
      ],
    },
  };
}
