import { buildSchema, type GraphQLSchema } from 'graphql';
import type { Generation } from '../../../prisma/generation.js';
import { reservedName, SERVICE_NAME, STAGE_NAME } from '../../../prisma/service-names.js';
import type { Log } from '../../log.js';
import { ApiError, noSuchService } from '../api-error.js';
import type { ClusterAuth } from '../auth/cluster-auth.js';
import { createServiceToken } from '../auth/service-auth.js';
import type { Database } from '../database/database-kind.js';
import { type Deployment, deploy } from './deploy.js';
import { present } from './present-migration.js';
import { type Project, ProjectStore } from './project-store.js';
import { managementTypeDefs } from './type-defs.js';

/** The client: the `Authorization` header as received. */
export interface ManagementContext {
  readonly authorization: string | undefined;
}

interface ServiceArgs {
  readonly name: string;
  readonly stage: string;
}
interface Input<T = unknown> {
  readonly input: T & ServiceArgs & { readonly clientMutationId?: string };
}

/** The schema of the management API, and the functions behind its fields. */
export function createManagementApi(props: {
  readonly generation: Generation;
  /** Reported to everybody. */
  readonly version: string;
  readonly auth: ClusterAuth;
  readonly database: Database;
  readonly now: () => Date;
  readonly log: Log;
}): {
  readonly schema: GraphQLSchema;
  readonly rootValue: object;
} {
  const { auth, database, generation, now, log } = props;
  const store = new ProjectStore(database);
  const find = async ({ name, stage }: ServiceArgs): Promise<Project> => {
    const project = await store.find(name, stage);
    if (project === undefined) throw noSuchService(name, stage);
    return project;
  };
  const allowed = async (args: ServiceArgs, { authorization }: ManagementContext) => {
    await auth.verify(args.name, args.stage, authorization);
    return find(args);
  };
  const { version } = props;
  const info = () => ({ version, commit: 'clusterkit', primaryConnector: database.kind.connector });
  const rootValue = {
    serverInfo: info,
    clusterInfo: info,
    async listProjects(_: unknown, { authorization }: ManagementContext) {
      await auth.verify('', '', authorization);
      return store.list();
    },
    project: allowed,
    async listMigrations(args: ServiceArgs, context: ManagementContext) {
      const { id } = await allowed(args, context);
      return (await store.migrations(id)).map((migration) => present(migration, id, generation));
    },
    async migrationStatus(args: ServiceArgs, context: ManagementContext) {
      const { id, last } = await allowed(args, context);
      return present(last, id, generation);
    },
    async generateProjectToken(args: ServiceArgs, context: ManagementContext) {
      return createServiceToken((await allowed(args, context)).secrets, now());
    },
    async addProject({ input }: Input<Partial<Project>>, { authorization }: ManagementContext) {
      const { name, stage, secrets, clientMutationId } = input;
      await auth.verify(name, stage, authorization);
      checkNames(name, stage, generation);
      if (!(await store.add(name, stage, secrets ?? [], now()))) {
        throw new ApiError(4005, `Service with name '${name}' and stage '${stage}' already exists`);
      }
      log(`service ${name}/${stage} added`);
      return { project: { name, stage }, clientMutationId };
    },
    async deploy({ input }: Input<Deployment>, { authorization }: ManagementContext) {
      const { name, stage, clientMutationId, dryRun } = input;
      // As in upstream: an unknown service is reported before the token is verified.
      const project = await find(input);
      await auth.verify(name, stage, authorization);
      const { errors, migration } = await deploy(database, project, input, { generation, now });
      const presented = migration && present(migration, project.id, generation);
      const outcome = migration
        ? `revision ${migration.revision}, ${migration.steps.length} steps`
        : `nothing done, ${errors.length} errors`;
      log(`${dryRun ? 'dry run' : 'deploy'} ${name}/${stage}: ${outcome}`);
      return {
        errors,
        warnings: [],
        migration: presented,
        steps: presented?.steps ?? [],
        clientMutationId,
      };
    },
    async deleteProject({ input }: Input, context: ManagementContext) {
      const project = await allowed(input, context);
      await store.remove(project.id);
      log(`service ${project.name}/${project.stage} deleted`);
      return { project, clientMutationId: input.clientMutationId };
    },
  };
  return { schema: buildSchema(managementTypeDefs(generation)), rootValue };
}

/** As upstream: the form of both names, then whether requests to the service would reach it. */
function checkNames(service: string, stage: string, generation: Generation): void {
  if (!SERVICE_NAME.test(service)) {
    const rule = 'a letter, then up to 139 letters, digits, -, _ or ~';
    throw new ApiError(4001, `'${shorten(service)}' is not a valid service name: ${rule}.`);
  }
  if (!STAGE_NAME.test(stage)) {
    const rule = 'a letter, then up to 29 letters, digits, - or _';
    throw new ApiError(4002, `'${shorten(stage)}' is not a valid service stage: ${rule}.`);
  }
  const reserved = reservedName({ service, stage }, generation);
  if (reserved === undefined) return;
  const [what, value, code] =
    reserved.which === 'service' ? ['Service', service, 4006] : ['Stage', stage, 4007];
  throw new ApiError(
    Number(code),
    `${what} name ${value} is reserved: ${reserved.reason}. Please choose a different name.`,
  );
}

const shorten = (name: string) => (name.length <= 150 ? name : `${name.slice(0, 150)}…`);
