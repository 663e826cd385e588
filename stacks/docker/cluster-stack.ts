import { Container } from '@cdktf/provider-docker/lib/container/index.js';
import { Image } from '@cdktf/provider-docker/lib/image/index.js';
import { Network } from '@cdktf/provider-docker/lib/network/index.js';
import { DockerProvider } from '@cdktf/provider-docker/lib/provider/index.js';
import { Volume } from '@cdktf/provider-docker/lib/volume/index.js';
import { LocalBackend, TerraformOutput, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { DOCKER_PROVIDER } from '../../clients/terraform/built-provider.js';
import { serverContainer } from '../../cluster/configuration/server-container.js';
import { environmentList } from '../../cluster/containers/container-defaults.js';
import { FIXED_MB } from '../../cluster/containers/memory-plan.js';
import { dataLayoutOf } from '../../cluster/data-layout.js';
import { DATABASE_HOST } from '../../cluster/databases.js';
import {
  CONFIG_DIRECTORY,
  type ContainerRole,
  GATEWAY_PORT,
  LABEL,
  objectName,
  type Role,
  SERVER_PORT,
} from '../../cluster/names.js';
import type { ClusterSettings } from '../../cluster/settings/settings.js';
import { DatabaseClaim } from '../common/database-claim.js';
import { Stage, type StageCall, type StageProgram } from '../common/stage.js';
import { databaseOptions } from './database-options.js';

/** What {@link DockerClusterStack} takes. */
export interface DockerClusterStackProps {
  readonly settings: Pick<ClusterSettings, 'name' | 'port' | 'server' | 'database' | 'gateway'>;
  /** Value of the label that tells which checkout the objects belong to: its state directory. */
  readonly project: string;
  /** Path of the Terraform state. */
  readonly stateFile: string;
  /** Where clients reach the server. */
  readonly endpoint: string;
  readonly program: StageProgram;
  readonly calls: (stage: string) => StageCall;
  /** Why nothing can be made; what exists can be destroyed. @default - it can */
  readonly refusal?: string | undefined;
  /**
   * Memory limits in MB.
   * @default - server 1024 (a JVM with its heap), database 512
   */
  readonly memory?: { readonly server?: number; readonly database?: number };
}

const LOGS = { logDriver: 'json-file', logOpts: { 'max-size': '10m', 'max-file': '3' } };

/**
 * A cluster on the Docker engine: network, data, configuration, database, server, and the stages
 * that fill the configuration, wait for the database, and prove and register the server.
 */
export class DockerClusterStack extends TerraformStack {
  constructor(scope: Construct, id: string, props: DockerClusterStackProps) {
    super(scope, id);
    const { settings, program, calls } = props;
    const memory = {
      ...{ server: 1024, gateway: FIXED_MB.gateway },
      database: settings.database.external ? FIXED_MB.relay : 512,
      ...props.memory,
    };
    const { name } = settings;
    const labels = (role: Role) => [
      { label: LABEL.cluster, value: name },
      { label: LABEL.project, value: props.project },
      { label: LABEL.role, value: role },
    ];

    new LocalBackend(this, { path: props.stateFile });
    new DockerProvider(this, 'docker');
    this.addOverride('terraform.required_providers.docker.version', DOCKER_PROVIDER.versions);

    // Never replaced, so that its destroy-time command runs at a real destroy only.
    const ground = new Stage(this, 'ground', {
      program,
      stage: 'forget',
      call: calls('forget'),
      onCreate: false,
      onDestroy: 'forget',
      dependsOn: [],
    });
    const { external } = settings.database;
    const claim =
      external &&
      new DatabaseClaim(this, 'claim', {
        program,
        call: calls('release-database'),
        after: [ground.resource],
      });
    const swept = new Stage(this, 'sweep', {
      program,
      stage: 'sweep',
      call: calls('sweep'),
      ...(props.refusal !== undefined && { refusal: props.refusal }),
      dependsOn: [(claim ?? ground).resource],
    });

    const network = new Network(this, 'network', {
      name: objectName(name, 'network'),
      driver: 'bridge',
      labels: labels('network'),
      dependsOn: [swept.resource],
    });
    const volume = (role: 'data' | 'config', more: { label: string; value: string }[] = []) =>
      new Volume(this, role, {
        name: objectName(name, role),
        labels: [...labels(role), ...more],
        // A changed label would replace the volume, and drop the data.
        lifecycle: { ignoreChanges: ['labels'] },
        dependsOn: [swept.resource],
      });
    const layout = dataLayoutOf(settings.server.version, settings.database.connector);
    const data = external ? undefined : volume('data', [{ label: LABEL.layout, value: layout }]);
    const config = volume('config');
    const image = (role: ContainerRole, name: string) =>
      new Image(this, `${role}-image`, { name, keepLocally: true });
    const databaseImage = image('database', settings.database.image);
    const serverImage = image('server', settings.server.image);

    const configured = new Stage(this, 'configure', {
      program,
      stage: 'configure',
      call: calls('configure'),
      triggers: [config.id],
      dependsOn: [config, databaseImage, serverImage],
    });

    const configMount = {
      type: 'volume',
      source: config.name,
      target: CONFIG_DIRECTORY,
      readOnly: true,
    };
    const common = (role: Exclude<ContainerRole, 'proxy'>) => ({
      name: objectName(name, role),
      restart: 'unless-stopped',
      init: true,
      mustRun: true,
      memory: memory[role],
      // The engine's own default, said aloud; where a kernel counts no swap the engine reports -1.
      memorySwap: 2 * memory[role],
      lifecycle: { ignoreChanges: ['memory_swap'] },
      networksAdvanced: [
        { name: network.id, aliases: [role === 'database' ? DATABASE_HOST : role] },
      ],
      // A changed configuration must reach the container: its run id is part of the container.
      labels: [...labels(role), { label: 'dev.clusterkit.run', value: configured.runId }],
      ...LOGS,
    });

    const database = new Container(this, 'database', {
      ...common('database'),
      image: databaseImage.imageId,
      ...databaseOptions(settings.database.connector, configMount, data?.name),
    });
    const awaited = new Stage(this, 'await-database', {
      program,
      stage: 'await-database',
      call: calls('await-database'),
      triggers: [database.id],
      dependsOn: [database],
    });

    const port = (internal: number) => [{ internal, external: settings.port, ip: '127.0.0.1' }];
    const { gateway: gatewaySettings } = settings;
    const start = serverContainer(settings.server);
    const server = new Container(this, 'server', {
      ...common('server'),
      image: serverImage.imageId,
      env: environmentList(start.environment),
      ...(start.entrypoint && { entrypoint: [...start.entrypoint] }),
      mounts: [configMount],
      ...(gatewaySettings === undefined && { ports: port(SERVER_PORT) }),
      destroyGraceSeconds: 10,
      dependsOn: [awaited.resource],
    });
    const gateway =
      gatewaySettings &&
      new Container(this, 'gateway', {
        ...common('gateway'),
        image: image('gateway', gatewaySettings.image).imageId,
        mounts: [configMount],
        ports: port(GATEWAY_PORT),
        destroyGraceSeconds: 10,
        // The port is the server's until that one has given it up.
        dependsOn: [server],
      });
    new Stage(this, 'register', {
      program,
      stage: 'register',
      call: calls('register'),
      onDestroy: 'release',
      triggers: [server.id, database.id, ...(gateway ? [gateway.id] : [])],
      dependsOn: [gateway ?? server],
    });

    new TerraformOutput(this, 'endpoint', { value: props.endpoint });
  }
}
