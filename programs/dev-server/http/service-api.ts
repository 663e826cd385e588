import type { Generation } from '../../../prisma/generation.js';
import { buildServiceApi, serviceContext } from '../api/service-schema.js';
import { ApiError } from '../api-error.js';
import { verifyServiceToken } from '../auth/service-auth.js';
import { namespaceOf } from '../database/database.js';
import type { Database } from '../database/database-kind.js';
import { parseDatamodel } from '../datamodel/parse-datamodel.js';
import { type Migration, ProjectStore, publicId } from '../management/project-store.js';

/** The APIs of the services. Keeps schemas as long as their revision is the latest. */
export class ServiceApis {
  readonly #store: ProjectStore;
  readonly #built = new Map<string, ReturnType<typeof build>>();

  constructor(
    private readonly database: Database,
    private readonly generation: Generation,
    private readonly now: () => Date,
  ) {
    this.#store = new ProjectStore(database);
  }

  /** @throws ApiError 3016 no such service, 3015 token missing or wrong */
  async open(name: string, stage: string, authorization: string | undefined) {
    const project = await this.#store.find(name, stage);
    if (project === undefined) {
      const id = publicId(namespaceOf(this.database, name, stage), this.generation);
      throw new ApiError(3016, `Project not found: '${id}'`);
    }
    await verifyServiceToken(project.secrets, authorization, this.now());
    const known = this.#built.get(project.id);
    const built =
      known?.revision === project.last.revision ? known : build(project.last, this.generation);
    this.#built.set(project.id, built);
    const context = serviceContext(this.database, project.id, built.datamodel, this.now);
    return { ...built, context };
  }
}

function build({ revision, datamodel: types }: Migration, generation: Generation) {
  const datamodel = parseDatamodel(types, generation);
  return { revision, datamodel, ...buildServiceApi(datamodel) };
}
