import { buildSchema, type GraphQLSchema } from 'graphql';
import type { Generation } from '../../lib/generation.js';
import { ApiError, noSuchService } from '../api-error.js';
import type { ClusterAuth } from '../auth/cluster-auth.js';
import { createServiceToken } from '../auth/service-auth.js';
import type { Database } from '../database/database.js';
import { problem } from '../datamodel/datamodel.js';
import type { Log } from '../log.js';
import { type DeployResult, deploy, MigrationStopped } from '../migration/deploy.js';
import type { Step } from '../migration/steps.js';
import { type Migration, type Project, ProjectStore } from './project-store.js';
import { managementTypeDefs } from './type-defs.js';

/** What the management API works with. */
export interface ManagementProps {
  readonly generation: Generation;
  /** Told to everybody who asks. */
  readonly version: string;
  readonly auth: ClusterAuth;
  readonly database: Database;
  readonly now: () => Date;
  readonly log: Log;
}

/** Who asks: the `Authorization` header as it came. */
export interface ManagementContext {
  readonly authorization: string | undefined;
}

interface ServiceArgs {
  readonly name: string;
  readonly stage: string;
}
interface Input<T> {
  readonly input: ServiceArgs & { clientMutationId?: string } & T;
}
interface DeployInput {
  readonly types: string;
  readonly dryRun?: boolean;
  readonly force?: boolean;
  readonly secrets?: readonly string[];
  readonly subscriptions?: readonly unknown[];
}

/** The schema of the management API, and the functions behind it. */
export function createManagementApi(props: ManagementProps): {
  readonly schema: GraphQLSchema;
  readonly rootValue: object;
} {
  const { auth, database, generation, now, log } = props;
  const store = new ProjectStore(database.db);
  const inTransaction = <T>(work: (database: Database, store: ProjectStore) => Promise<T>) =>
    database.db.transaction().execute((db) => work({ ...database, db }, new ProjectStore(db)));
  const existing = async ({ name, stage }: ServiceArgs): Promise<Project> => {
    const project = await store.find(name, stage);
    if (project === undefined) throw noSuchService(name, stage);
    return project;
  };
  const info = () => ({
    version: props.version,
    commit: 'clusterkit',
    primaryConnector: 'postgres',
  });
  const rootValue = {
    serverInfo: info,
    clusterInfo: info,
    async listProjects(_: unknown, { authorization }: ManagementContext) {
      await auth.verify('', '', authorization);
      return store.list();
    },
    async project(args: ServiceArgs, { authorization }: ManagementContext) {
      await auth.verify(args.name, args.stage, authorization);
      return existing(args);
    },
    async listMigrations(args: ServiceArgs, { authorization }: ManagementContext) {
      await auth.verify(args.name, args.stage, authorization);
      const { id } = await existing(args);
      return (await store.migrations(id)).map((migration) => present(migration, generation));
    },
    async migrationStatus(args: ServiceArgs, { authorization }: ManagementContext) {
      await auth.verify(args.name, args.stage, authorization);
      const last = await store.lastMigration((await existing(args)).id);
      return last && present(last, generation);
    },
    async generateProjectToken(args: ServiceArgs, { authorization }: ManagementContext) {
      await auth.verify(args.name, args.stage, authorization);
      return createServiceToken((await existing(args)).secrets, now());
    },
    async addProject(
      { input }: Input<{ secrets?: readonly string[] }>,
      { authorization }: ManagementContext,
    ) {
      const { name, stage, secrets, clientMutationId } = input;
      await auth.verify(name, stage, authorization);
      checkName(name, 'service name', 4001);
      checkName(stage, 'service stage', 4002);
      const isNew = await inTransaction((_, inside) =>
        inside.add(name, stage, secrets ?? [], now()),
      );
      if (!isNew) {
        throw new ApiError(4005, `Service with name '${name}' and stage '${stage}' already exists`);
      }
      log(`service ${name}/${stage} added`);
      return { project: { name, stage }, clientMutationId };
    },
    async deploy({ input }: Input<DeployInput>, { authorization }: ManagementContext) {
      const { name, stage } = input;
      await existing(input);
      await auth.verify(name, stage, authorization);
      const result = await inTransaction((inside, insideStore) =>
        deployLocked(inside, insideStore, input, now),
      ).catch(stoppedMigration);
      const { migration, errors } = result;
      const outcome = migration ? `revision ${migration.revision}` : `${errors.length} errors`;
      log(`deploy ${name}/${stage}: ${outcome}, ${result.steps.length} steps`);
      return {
        ...result,
        steps: result.steps.map((step) => presentStep(step, generation)),
        migration: migration && present(migration, generation),
        clientMutationId: input.clientMutationId,
      };
    },
    async deleteProject({ input }: Input<unknown>, { authorization }: ManagementContext) {
      const { name, stage, clientMutationId } = input;
      await auth.verify(name, stage, authorization);
      const project = await existing(input);
      await inTransaction((_, inside) => inside.remove(project));
      log(`service ${name}/${stage} deleted`);
      return { project, clientMutationId };
    },
    async setCloudSecret(_: unknown, { authorization }: ManagementContext) {
      await auth.verify('', '', authorization);
      throw new ApiError(4000, 'This server has no cloud to be connected to.');
    },
  };
  return { schema: managementSchema(generation), rootValue };
}

async function deployLocked(
  database: Database,
  store: ProjectStore,
  input: Input<DeployInput>['input'],
  now: () => Date,
): Promise<DeployResult> {
  const { name, stage, types, secrets, subscriptions, dryRun, force } = input;
  const project = await store.find(name, stage, true);
  if (project === undefined) throw noSuchService(name, stage);
  if (subscriptions?.length) {
    throw new MigrationStopped(problem('Subscriptions are not run by this server.'));
  }
  return deploy(database, store, project, {
    types,
    secrets: secrets ?? [],
    isDryRun: dryRun === true,
    isForced: force === true,
    now,
  });
}

function stoppedMigration(error: unknown): DeployResult {
  if (!(error instanceof MigrationStopped)) throw error;
  return { errors: [error.problem], warnings: [], migration: null, steps: [] };
}

function checkName(value: string, kind: string, code: number): void {
  if (/^[A-Za-z][A-Za-z0-9_-]{0,29}$/.test(value)) return;
  const rule = 'a letter, then up to 29 letters, digits, _ or -';
  throw new ApiError(code, `'${value}' is not a valid ${kind}: ${rule}.`);
}

/** Everything is done when `deploy` answers: a migration that can be read has succeeded. */
const present = (migration: Migration, generation: Generation) => ({
  ...migration,
  projectId: generation === 'A' ? migration.projectId.replace('$', '@') : migration.projectId,
  status: 'SUCCESS',
  applied: migration.steps.length,
  rolledBack: 0,
  errors: [],
  startedAt: migration.startedAt.toISOString(),
  finishedAt: migration.finishedAt.toISOString(),
  steps: migration.steps.map((step) => presentStep(step, generation)),
});

/** Up to 1.26 servers call the type of ids by its inner name, and the CLIs print it. */
const presentStep = (step: Step, generation: Generation) => ({
  ...step,
  __typename: step.type,
  ...('typeName' in step && step.typeName === 'ID' && generation !== 'C'
    ? { typeName: 'GraphQLID' }
    : {}),
});

const managementSchema = (generation: Generation): GraphQLSchema =>
  buildSchema(managementTypeDefs(generation));
