import { type Database, serviceDatabase } from '../database/database.js';
import { type DeployProblem, problem } from '../datamodel/datamodel.js';
import { type ParsedDatamodel, parseDatamodel } from '../datamodel/parse-datamodel.js';
import type { Migration, Project, ProjectStore } from '../management/project-store.js';
import { applyChanges } from './apply-changes.js';
import { checkChanges } from './check-changes.js';
import { diffDatamodels } from './diff.js';
import type { Step } from './steps.js';

/** What is to become of a service. */
export interface Deployment {
  readonly types: string;
  readonly secrets: readonly string[];
  /** Tells the steps and changes nothing. */
  readonly isDryRun: boolean;
  /** Goes on where warnings tell of lost data. */
  readonly isForced: boolean;
  readonly now: () => Date;
}

/** `migration` is null when there was nothing to do, or errors or warnings stopped it. */
export interface DeployResult {
  readonly errors: readonly DeployProblem[];
  readonly warnings: readonly DeployProblem[];
  readonly migration: Migration | null;
  readonly steps: readonly Step[];
}

/**
 * Migrates `project`, all or nothing.
 * @param database a transaction that holds the lock of the project
 */
export async function deploy(
  database: Database,
  store: ProjectStore,
  project: Project,
  { types, secrets, isDryRun, isForced, now }: Deployment,
): Promise<DeployResult> {
  const startedAt = now();
  const stopped = { errors: [], warnings: [], migration: null, steps: [] };
  const { datamodel: to, problems } = parseDatamodel(types);
  if (to === undefined) return { ...stopped, errors: problems };
  const from = deployed(parseDatamodel(project.datamodel));
  const changes = diffDatamodels(from, to);
  const service = serviceDatabase(database.db, project.id);
  const { errors, warnings } = await checkChanges(service, from, changes);
  if (errors.length > 0 || (warnings.length > 0 && !isForced)) {
    return { ...stopped, errors, warnings };
  }
  const isRekeyed = secrets.join('\n') !== project.secrets.join('\n');
  const rekey: Step = { type: 'UpdateSecrets', message: 'Secrets have been updated.' };
  const steps = [...changes.map(({ step }) => step), ...(isRekeyed ? [rekey] : [])];
  const migration = {
    projectId: project.id,
    revision: project.revision + 1,
    datamodel: types,
    steps,
    startedAt,
    finishedAt: startedAt,
  };
  if (steps.length === 0) return { ...stopped, warnings };
  if (isDryRun) return { errors, warnings, migration, steps };
  try {
    await applyChanges(service, database.dialect, changes);
  } catch (error) {
    const violation = database.dialect.uniqueViolation(error);
    if (violation === undefined) throw error;
    throw new MigrationStopped(problem('Values or links there are not unique.', violation.table));
  }
  const finished = { ...migration, finishedAt: now() };
  await store.record(finished, secrets);
  return { errors, warnings, migration: finished, steps };
}

/** The database found what the checks before had not; the transaction must be rolled back. */
export class MigrationStopped extends Error {
  override name = 'MigrationStopped';

  constructor(readonly problem: DeployProblem) {
    super(problem.description);
  }
}

function deployed({ datamodel, problems }: ParsedDatamodel) {
  if (datamodel !== undefined) return datamodel;
  throw new Error(`the deployed datamodel is no longer readable: ${problems[0]?.description}`);
}
