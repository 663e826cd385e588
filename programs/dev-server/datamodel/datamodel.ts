import { identifier } from '../../../lib/database-identifier.js';

/** A value in a datamodel. */
export type Value = string | number | boolean;

/** A field with a column. Lists are stored as JSON. */
export interface ColumnField {
  readonly kind: 'scalar' | 'enum';
  readonly name: string;
  readonly type: string;
  readonly isList: boolean;
  /** Lists are never null, and never required. */
  readonly isRequired: boolean;
  readonly isUnique: boolean;
  /** Every type has the times, also when the datamodel does not name them. */
  readonly isHidden: boolean;
  /** The server fills it, in the column of this name, whatever the field is called. */
  readonly filled?: Filled;
  readonly defaultValue: Value | undefined;
}

/** A field for related nodes, through the link table of its relation. */
export interface RelationField {
  readonly kind: 'relation';
  readonly name: string;
  readonly type: string;
  readonly isList: boolean;
  readonly isRequired: boolean;
  readonly relation: string;
  /** The column of the link table with the id of the node that has this field. */
  readonly side: Side;
  /** Deleting the node also deletes the related nodes. */
  readonly cascades: boolean;
}

export type Field = ColumnField | RelationField;
/** Columns of every table that the server fills. */
export type Filled = 'id' | 'createdAt' | 'updatedAt';
export type Side = 'A' | 'B';
export const SIDES: readonly Side[] = ['A', 'B'];
export const otherSide = (side: Side): Side => (side === 'A' ? 'B' : 'A');

export interface Model {
  readonly name: string;
  readonly fields: readonly Field[];
}

export interface Enum {
  readonly name: string;
  readonly values: readonly string[];
}

/** Two types and, at each end, the field for the other one, if there is one. */
export interface Relation {
  readonly name: string;
  readonly A: RelationEnd;
  readonly B: RelationEnd;
}

export interface RelationEnd {
  readonly model: string;
  readonly field: RelationField | undefined;
}

export interface Datamodel {
  readonly models: ReadonlyMap<string, Model>;
  readonly enums: ReadonlyMap<string, Enum>;
  readonly relations: ReadonlyMap<string, Relation>;
}

export const isColumn = (field: Field): field is ColumnField => field.kind !== 'relation';
export const isRelation = (field: Field): field is RelationField => field.kind === 'relation';
export const columnsOf = ({ fields }: Model): ColumnField[] => fields.filter(isColumn);
export const relationsOf = ({ fields }: Model): RelationField[] => fields.filter(isRelation);

/** Whether the server fills the field. */
export const isSystem = (field: Field): field is ColumnField & { readonly filled: Filled } =>
  isColumn(field) && field.filled !== undefined;

/** The column of a field. */
export const columnOf = (field: ColumnField): string => field.filled ?? identifier(field.name);

/** The field with the ids of a type. */
export function idOf(model: Model): ColumnField {
  const field = columnsOf(model).find(({ filled }) => filled === 'id');
  if (field === undefined) throw new Error(`${model.name} has no id`);
  return field;
}

/** The value of new rows, and of existing rows in a new column, without an explicit value. */
export function storedDefault({ type, isList, defaultValue }: ColumnField) {
  if (isList) return '[]';
  if (type === 'DateTime' && defaultValue !== undefined) return new Date(String(defaultValue));
  return defaultValue;
}

/** The entry under `name`. @throws when it is missing, which earlier checks exclude */
export function named<T>(map: ReadonlyMap<string, T>, name: string): T {
  const entry = map.get(name);
  if (entry === undefined) throw new Error(`'${name}' is not in the datamodel`);
  return entry;
}

/** The relation of `field`, the type behind it, and the field that leads back. */
export function follow({ models, relations }: Datamodel, field: RelationField) {
  const relation = named(relations, field.relation);
  const back = relation[otherSide(field.side)].field;
  return { relation, target: named(models, field.type), back };
}
