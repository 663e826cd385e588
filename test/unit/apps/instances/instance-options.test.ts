import type Docker from 'dockerode';
import { describe, expect, it } from 'vitest';
import { cloneOptions } from '../../../../apps/instances/clone-instance.js';
import {
  type InstanceProps,
  instanceOptions,
  oneOffOptions,
} from '../../../../apps/instances/instance-options.js';

const props: InstanceProps = {
  marks: { cluster: 'local', project: '/home/me/.clusterkit', identity: 'an-identity' },
  app: { name: 'web', kind: 'app', command: ['node', 'server.js'], memoryMb: 128 },
  ...{ release: 'r3', number: 2, image: 'sha256:abc' },
  environment: { PORT: '3000', TOKEN: 'secret' },
  secrets: ['TOKEN'],
};
const NETWORK = 'clusterkit-local-network';
const LABELS = {
  'dev.clusterkit.cluster': 'local',
  'dev.clusterkit.project': '/home/me/.clusterkit',
  'dev.clusterkit.identity': 'an-identity',
  'dev.clusterkit.role': 'app',
  'dev.clusterkit.app': 'web',
  'dev.clusterkit.release': 'r3',
  'dev.clusterkit.secrets': 'TOKEN',
};
const EXPECTED = {
  name: 'clusterkit-local-app-web-r3-2',
  Image: 'sha256:abc',
  Env: ['PORT=3000', 'TOKEN=secret'],
  Cmd: ['node', 'server.js'],
  StopTimeout: 10,
  Labels: LABELS,
  NetworkingConfig: { EndpointsConfig: { [NETWORK]: {} } },
  HostConfig: {
    ...{ Init: true, Memory: 134_217_728, MemorySwap: 268_435_456, PidsLimit: 1024 },
    SecurityOpt: ['no-new-privileges:true'],
    LogConfig: { Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '3' } },
    NetworkMode: NETWORK,
    RestartPolicy: { Name: 'unless-stopped' },
  },
};

describe('the container of an instance', () => {
  it('has bounds, labels, and its variables', () => {
    expect(instanceOptions(props)).toEqual(EXPECTED);
  });

  it('of a function may be frozen, and does not start by itself', () => {
    const { Labels, HostConfig } = instanceOptions({
      ...props,
      app: { ...props.app, kind: 'function' },
    });
    expect(Labels).toEqual({ ...LABELS, 'dev.clusterkit.function': 'true' });
    expect(HostConfig?.RestartPolicy).toEqual({ Name: 'no' });
  });

  it('of one command ends, and nothing may freeze it', () => {
    const app = { ...props.app, kind: 'function' } as const;
    const options = oneOffOptions({ ...props, app }, ['npx', 'prisma', 'deploy']);
    expect(options).toMatchObject({
      name: 'clusterkit-local-app-web-r3-1-run',
      Cmd: ['npx', 'prisma', 'deploy'],
      HostConfig: { RestartPolicy: { Name: 'no' } },
    });
    expect(options.Labels).toEqual(LABELS);
  });
});

describe('a container like another one', () => {
  const found = {
    Image: 'sha256:abc',
    Config: {
      Env: ['PATH=/bin', ...EXPECTED.Env],
      Cmd: EXPECTED.Cmd,
      Entrypoint: null,
      StopTimeout: 10,
      Labels: { ...LABELS, 'of.the.image': 'x' },
    },
    HostConfig: { ...EXPECTED.HostConfig, Binds: ['/etc:/etc'] },
  } as unknown as Docker.ContainerInspectInfo;

  it('has the same image, variables, command and bounds, and another name and release', () => {
    expect(cloneOptions(found, { release: 'r4', number: 1 })).toEqual({
      ...EXPECTED,
      name: 'clusterkit-local-app-web-r4-1',
      Env: ['PATH=/bin', ...EXPECTED.Env],
      Labels: { ...LABELS, 'of.the.image': 'x', 'dev.clusterkit.release': 'r4' },
    });
  });

  it('has what the image says where the other one has nothing of its own', () => {
    const bare = { ...found, Config: { ...found.Config, Cmd: null, StopTimeout: undefined } };
    const options = cloneOptions(bare as never, { release: 'r4', number: 1 });
    expect(Object.keys(options)).not.toContain('Cmd');
    expect(Object.keys(options)).not.toContain('StopTimeout');
  });
});
