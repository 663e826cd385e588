import {
  LocalClusterStack,
  type LocalClusterStackProps,
} from '../../stacks/docker/cluster-stack.js';
import type { DockerSettings } from '../../targets/docker/settings.js';
import { synthesizeText } from './synthesize-text.js';

/** `cdk.tf.json` as far as tests look at it. */
export interface SynthesizedStack {
  readonly terraform: {
    readonly required_providers: Record<string, { source: string; version: string }>;
    readonly backend: Record<string, Record<string, unknown>>;
  };
  readonly resource: Record<string, Record<string, Resource>>;
  readonly output: Record<string, { value: unknown }>;
}
export type Resource = Record<string, unknown> & {
  readonly depends_on?: readonly string[];
  readonly provisioner?: readonly Record<string, Record<string, unknown>>[];
};

/** Settings of a cluster `one` with the images that upstream has. */
export const someSettings = (custom: Partial<DockerSettings> = {}): DockerSettings => ({
  name: 'one',
  target: 'docker',
  port: 4466,
  server: { image: 'prismagraphql/prisma:1.8', version: '1.8', auth: 'rsa' },
  database: { connector: 'postgres', image: 'postgres:10' },
  ...custom,
});

/** What {@link synthesizeStack} starts from. */
export const STACK_PROPS: LocalClusterStackProps = {
  settings: someSettings(),
  places: {
    stateDir: '/project/.clusterkit',
    registry: '/home/user/.prisma/config.yml',
    attempt: 'first',
  },
  program: { node: '/usr/bin/node', script: '/kit/run-stage.js' },
};

/** The stack as synthesis writes it, as text and as value. */
export function synthesizeStack(custom: Partial<LocalClusterStackProps> = {}) {
  const props = { ...STACK_PROPS, ...custom };
  const text = synthesizeText((app) => new LocalClusterStack(app, props.settings.name, props));
  return { text, stack: JSON.parse(text) as SynthesizedStack };
}
