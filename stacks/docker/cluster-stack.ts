import { Container } from '@cdktf/provider-docker/lib/container/index.js';
import { Image } from '@cdktf/provider-docker/lib/image/index.js';
import { Network } from '@cdktf/provider-docker/lib/network/index.js';
import {
  DockerProvider,
  type DockerProviderConfig,
} from '@cdktf/provider-docker/lib/provider/index.js';
import { Volume } from '@cdktf/provider-docker/lib/volume/index.js';
import { type ITerraformDependable, LocalBackend, TerraformOutput, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { DOCKER_PROVIDER } from '../../clients/terraform/built-provider.js';
import { clusterLabels } from '../../cluster/containers/cluster-labels.js';
import { dataLayoutOf } from '../../cluster/data-layout.js';
import { type ContainerRole, LABEL, objectName, type Role } from '../../cluster/names.js';
import type { ClusterSettings } from '../../cluster/settings/settings.js';
import { DatabaseClaim } from '../common/database-claim.js';
import { literal } from '../common/literal.js';
import { Registration } from '../common/registration.js';
import { Stage, type StageCall, type StageProgram } from '../common/stage.js';
import { describeLocal } from './describe-local.js';
import { renderContainer } from './render-container.js';

/** What {@link DockerClusterStack} takes. */
export interface DockerClusterStackProps {
  readonly settings: Pick<ClusterSettings, 'name' | 'port' | 'server' | 'database' | 'gateway'>;
  /** State directory in which the cluster was made: a label of its objects. */
  readonly project: string;
  /** Identity of the cluster: a label of its objects. */
  readonly identity: string;
  /** Path of the Terraform state. */
  readonly stateFile: string;
  /** Revision of the configuration that each container reads. */
  readonly revisions: Readonly<Record<ContainerRole, string>>;
  /** Where clients reach the server. */
  readonly endpoint: string;
  /** Address on which the port is published. @default 127.0.0.1 */
  readonly bind?: string;
  readonly program: StageProgram;
  readonly calls: (stage: string) => StageCall;
  /**
   * The engine and the logins of the provider, where nobody sets its variables.
   * @default - the provider's variables
   */
  readonly provider?: DockerProviderConfig | undefined;
  /** Why nothing can be created; existing resources can be destroyed. @default - it can */
  readonly refusal?: string | undefined;
  /**
   * Memory limits in MB.
   * @default - server 1024 (a JVM with its heap), database 512
   */
  readonly memory?: { readonly server?: number; readonly database?: number };
}

/**
 * A cluster on the Docker engine: network, data, configuration, database, server, and the stages
 * that fill the configuration, wait for the database, and verify and register the server.
 */
export class DockerClusterStack extends TerraformStack {
  constructor(scope: Construct, id: string, props: DockerClusterStackProps) {
    super(scope, id);
    const { settings, program, calls } = props;
    const { name } = settings;
    const marks = { cluster: name, project: props.project, identity: props.identity };
    const labels = (role: Role) =>
      Object.entries(clusterLabels(marks, role)).map(([label, value]) => ({
        label,
        value: literal(value),
      }));

    new LocalBackend(this, { path: props.stateFile });
    new DockerProvider(this, 'docker', props.provider);
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
      // A changed label would replace the network, and with it every container.
      lifecycle: { ignoreChanges: ['labels'] },
      dependsOn: [swept.resource],
    });
    const volume = (role: 'data' | 'config', more: { label: string; value: string }[] = []) =>
      new Volume(this, role, {
        name: objectName(name, role),
        labels: [...labels(role), ...more],
        // A changed label would replace the volume and delete the data.
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

    const gatewayImage = settings.gateway && image('gateway', settings.gateway.image);
    const containers = describeLocal({
      settings,
      bind: props.bind,
      marks,
      images: {
        server: serverImage.imageId,
        database: databaseImage.imageId,
        gateway: gatewayImage?.imageId,
      },
      memory: props.memory,
    });
    const references = {
      network: network.id,
      volumes: { data: data?.name, config: config.name },
    };
    const add = (wanted: ContainerRole, dependsOn?: ITerraformDependable[]) =>
      containers
        .filter(({ role }) => role === wanted)
        .map((each) => {
          const revision = props.revisions[each.role];
          const rendered = renderContainer(each, { ...references, revision });
          return new Container(this, each.role, { ...rendered, ...(dependsOn && { dependsOn }) });
        });

    const database = add('database', [configured.resource]);
    const awaited = new Stage(this, 'await-database', {
      program,
      stage: 'await-database',
      call: calls('await-database'),
      triggers: database.map(({ id }) => id),
      dependsOn: database,
    });
    const server = add('server', [awaited.resource]);
    // A new gateway takes over the published port: the server must release it first.
    const gateway = add('gateway', server);
    new Registration(this, 'registration', {
      program,
      calls,
      triggers: [...server, ...database, ...gateway].map(({ id }) => id),
      dependsOn: gateway.length > 0 ? gateway : server,
    });

    new TerraformOutput(this, 'endpoint', { value: props.endpoint });
  }
}
