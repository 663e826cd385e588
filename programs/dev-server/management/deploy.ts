import { validateSchema } from 'graphql';
import type { Generation } from '../../../prisma/generation.js';
import { reasonOf } from '../../log.js';
import { buildServiceApi } from '../api/service-schema.js';
import type { Database } from '../database/database-kind.js';
import type { Datamodel } from '../datamodel/datamodel.js';
import { type DeployProblem, MigrationRefused, problem } from '../datamodel/deploy-problem.js';
import { parseDatamodel } from '../datamodel/parse-datamodel.js';
import { migrate } from '../migration/migrate.js';
import type { Step } from '../migration/plan-migration.js';
import { type Migration, type Project, ProjectStore } from './project-store.js';

/** The input of `deploy`, without unused fields. */
export interface Deployment {
  readonly types: string;
  readonly secrets?: readonly string[] | null;
  readonly subscriptions?: readonly unknown[] | null;
  readonly dryRun?: boolean | null;
}

/** `migration` is null when nothing changed, or when errors prevented it. */
export interface Deployed {
  readonly errors: readonly DeployProblem[];
  readonly migration: Migration | null;
}

/** The generation whose rules apply, and the time. */
interface DeployProps {
  readonly generation: Generation;
  readonly now: () => Date;
}

/** Deploys to `project`, all or nothing. */
export async function deploy(
  database: Database,
  { id, name, stage }: Project,
  deployment: Deployment,
  { generation, now }: DeployProps,
): Promise<Deployed> {
  try {
    return await database.kind.exclusively(database, id, async (inside) => {
      const project = await new ProjectStore(inside).find(name, stage);
      if (project === undefined) throw new MigrationRefused([problem('It was just deleted.')]);
      return deployAlone(inside, project, deployment, { generation, now });
    });
  } catch (outcome) {
    if (!(outcome instanceof MigrationRefused)) throw outcome;
    return { errors: outcome.errors, migration: null };
  }
}

async function deployAlone(
  inside: Database,
  project: Project,
  { types, secrets, subscriptions, dryRun }: Deployment,
  { generation, now }: DeployProps,
): Promise<Deployed> {
  if (subscriptions?.length) {
    throw new MigrationRefused([problem('This server runs no subscriptions.')]);
  }
  const startedAt = now();
  const { id, last } = project;
  const revision = last.revision + 1;
  const to = parseDatamodel(types, generation, true);
  checkApi(to);
  const from = parseDatamodel(last.datamodel, generation);
  const migrated = await migrate(inside, { id, revision, from, to, isDry: dryRun === true });
  const isRekeyed = (secrets ?? []).join('\n') !== project.secrets.join('\n');
  const rekey: Step = { type: 'UpdateSecrets', message: 'The secrets have changed.' };
  const steps = [...migrated, ...(isRekeyed ? [rekey] : [])];
  if (steps.length === 0) return { errors: [], migration: null };
  const migration = { revision, datamodel: types, steps, startedAt, finishedAt: now() };
  if (!dryRun) await new ProjectStore(inside).record(id, migration, secrets ?? []);
  return { errors: [], migration };
}

/** Names can collide with generated ones, such as a type `UserConnection`. */
function checkApi(datamodel: Datamodel): void {
  let found: string[];
  try {
    found = validateSchema(buildServiceApi(datamodel).schema).map(({ message }) => message);
  } catch (error) {
    found = reasonOf(error).split('\n\n');
  }
  if (found.length > 0) throw new MigrationRefused(found.map((text) => problem(`API: ${text}`)));
}
