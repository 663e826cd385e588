import type { GraphQLSchema } from 'graphql';
import type { Generation } from '../../lib/generation.js';
import { buildServiceSchema, serviceContext } from '../api/service-schema.js';
import { ApiError } from '../api-error.js';
import { verifyServiceToken } from '../auth/service-auth.js';
import type { Database } from '../database/database.js';
import type { Datamodel } from '../datamodel/datamodel.js';
import { parseDatamodel } from '../datamodel/parse-datamodel.js';
import { type Project, ProjectStore } from '../management/project-store.js';

/** Finds the API of a service. Schemas are kept for as long as their revision is the latest. */
export class ServiceApis {
  readonly #store: ProjectStore;
  readonly #built = new Map<
    string,
    { revision: number; datamodel: Datamodel; schema: GraphQLSchema }
  >();

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
      const id = `${name}${this.generation === 'A' ? '@' : '$'}${stage}`;
      throw new ApiError(3016, `Project not found: '${id}'`);
    }
    await verifyServiceToken(project.secrets, authorization, this.now());
    const { datamodel, schema } = this.#build(project);
    return { schema, context: serviceContext(this.database, project.id, datamodel, this.now) };
  }

  #build({ id, last }: Project) {
    const known = this.#built.get(id);
    if (known?.revision === last.revision) return known;
    const datamodel = parseDatamodel(last.datamodel);
    const schema = buildServiceSchema(datamodel);
    const built = { revision: last.revision, datamodel, schema };
    this.#built.set(id, built);
    return built;
  }
}
