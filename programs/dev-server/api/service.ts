import type { RawBuilder } from 'kysely';
import { linkTable, type ServiceDatabase } from '../database/database.js';
import type { Datamodel, RelationField } from '../datamodel/datamodel.js';
import type { Budget } from './budget.js';

/** A node from the database; `__typename` gives the API its type. */
export type Node = Record<string, unknown> & { readonly id: string };

/** The data of one service, or of a transaction in it. */
export interface Service extends ServiceDatabase {
  readonly datamodel: Datamodel;
  readonly now: () => Date;
  /** What the request may still read. */
  readonly budget: Budget;
}

/** The link table of a relation. */
export const linkOf = (
  service: Service,
  field: Pick<RelationField, 'relation'>,
): RawBuilder<unknown> => service.table(linkTable(field.relation));
