import type { StageProgram } from '../../stacks/common/stage.js';
import {
  DockerClusterStack,
  type DockerClusterStackProps,
} from '../../stacks/docker/cluster-stack.js';
import type { StagePlaces } from '../../targets/common/stages/facts.js';
import { stageCall } from '../../targets/common/stages/stage.js';
import { dockerFacts } from '../../targets/docker/facts.js';
import { revisionsOf } from '../../targets/docker/revisions.js';
import type { DockerSettings } from '../../targets/docker/settings.js';
import { STAGES } from '../../targets/docker/stages/all.js';
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
  address: '127.0.0.1',
  bind: '127.0.0.1',
  server: { image: 'prismagraphql/prisma:1.8', version: '1.8', auth: 'rsa' },
  database: { connector: 'postgres', image: 'postgres:10' },
  ...custom,
});

/** Where the files of the cluster are. */
export const PLACES: StagePlaces = {
  stateDir: '/project/.clusterkit',
  registry: '/home/user/.prisma/config.yml',
  attempt: 'first',
  identity: { id: 'ours', origin: '/project/.clusterkit' },
};

/** What Terraform would run. */
export const PROGRAM: StageProgram = {
  ...{ node: '/usr/bin/node', script: '/kit/run-stage.js' },
  stateDir: '/project/.clusterkit',
};

/** What {@link synthesizeStack} starts from. */
export interface SynthesisProps extends Pick<DockerClusterStackProps, 'memory'> {
  readonly settings?: DockerSettings;
  readonly places?: StagePlaces;
}

/** The props of a stack, as its target makes them. */
export function stackProps({
  settings = someSettings(),
  places = PLACES,
  ...more
}: SynthesisProps = {}): DockerClusterStackProps {
  const facts = dockerFacts(settings, places);
  const { project, stateFile, endpoint } = facts;
  const calls = (stage: string) => stageCall(STAGES, stage, facts);
  const identity = places.identity.id;
  const revisions = revisionsOf(undefined, facts);
  return {
    settings,
    project,
    identity,
    revisions,
    stateFile,
    endpoint,
    program: PROGRAM,
    calls,
    ...more,
  };
}

/** The stack as synthesis writes it, as text and as value. */
export function synthesizeStack(custom: SynthesisProps = {}) {
  const props = stackProps(custom);
  const text = synthesizeText((app) => new DockerClusterStack(app, props.settings.name, props));
  return { text, stack: JSON.parse(text) as SynthesizedStack };
}
