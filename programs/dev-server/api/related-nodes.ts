import DataLoader from 'dataloader';
import type { RelationField } from '../datamodel/datamodel.js';
import { type ListArgs, listRelated } from './read.js';
import type { Node, Service } from './service.js';

/** Loads related nodes, with one query for all nodes that ask for the same field at a time. */
export class RelatedNodes {
  readonly #loaders = new Map<string, DataLoader<string, Node[]>>();

  /** @param read runs a read when it is its turn */
  constructor(
    private readonly service: Service,
    private readonly read: <T>(work: () => Promise<T>) => Promise<T>,
  ) {}

  load(field: RelationField, args: ListArgs, id: string): Promise<Node[]> {
    const key = JSON.stringify([field.relation, field.side, args]);
    const loader =
      this.#loaders.get(key) ?? new DataLoader((ids) => this.#loadAll(field, args, ids));
    this.#loaders.set(key, loader);
    return loader.load(id);
  }

  /** Drops the cache: a mutation may have changed everything. */
  forget(): void {
    this.#loaders.clear();
  }

  async #loadAll(field: RelationField, args: ListArgs, ids: readonly string[]) {
    const byParent = await this.read(() => listRelated(this.service, field, args, ids));
    return ids.map((id) => byParent.get(id) ?? []);
  }
}
