/** Words for what replaces a container, by attribute of the provider or label. */
const WORDS: Readonly<Record<string, string>> = {
  image: 'image',
  env: 'environment',
  command: 'command',
  entrypoint: 'command',
  ports: 'published port',
  memory: 'memory limit',
  shm_size: 'memory limit',
  mounts: 'volumes',
  networks_advanced: 'network',
  healthcheck: 'health check',
  'label dev.clusterkit.health': 'health check',
  'label dev.clusterkit.run': 'configuration files',
  'label dev.clusterkit.identity': 'mark of its cluster',
  'label dev.clusterkit.project': 'mark of its cluster',
  tainted: 'it was never finished',
};

/** What changes of a container that is replaced, in words; each once. */
export const replacedBecause = (reasons: readonly string[]): readonly string[] => [
  ...new Set(reasons.map((reason) => WORDS[reason] ?? reason)),
];
