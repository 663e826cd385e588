/** The scalar types of a datamodel. */
export const SCALARS = ['ID', 'String', 'Int', 'Float', 'Boolean', 'DateTime', 'Json'] as const;
export type ScalarName = (typeof SCALARS)[number];

/** A default as the database takes it; enum values and dates are strings. */
export type DefaultValue = string | number | boolean;

interface FieldBase {
  readonly name: string;
  /** A scalar, enum or type. */
  readonly type: string;
  readonly isList: boolean;
  readonly isRequired: boolean;
  /** What the field was called before, told by `@rename(oldName:)`. */
  readonly oldName: string | undefined;
}

/** A field that is a column. Lists are kept as JSON. */
export interface ScalarField extends FieldBase {
  readonly kind: 'scalar' | 'enum';
  readonly isUnique: boolean;
  /** `createdAt` and `updatedAt` exist in every type, also when the datamodel does not name them. */
  readonly isHidden: boolean;
  readonly defaultValue: DefaultValue | undefined;
}

/** A field that points at other nodes, through the link table of its relation. */
export interface RelationField extends FieldBase {
  readonly kind: 'relation';
  readonly relation: string;
  /** The column of the link table that holds the id of the node with this field. */
  readonly side: Side;
  /** Deleting the node deletes those it points at. */
  readonly cascades: boolean;
}

export type Field = ScalarField | RelationField;
export type Side = 'A' | 'B';

export interface Model {
  readonly name: string;
  readonly oldName: string | undefined;
  readonly fields: readonly Field[];
}

export interface Enum {
  readonly name: string;
  readonly oldName: string | undefined;
  readonly values: readonly string[];
}

/** Two types and, at each end, the field that leads to the other one, if there is one. */
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

/** What is wrong with a datamodel or a migration, in the shape that `deploy` answers with. */
export interface DeployProblem {
  /** A type, or `Global`. */
  readonly type: string;
  readonly field: string | null;
  readonly description: string;
}

export const problem = (description: string, type = 'Global', field?: string): DeployProblem => ({
  type,
  field: field ?? null,
  description,
});

const SYSTEM_FIELDS: readonly string[] = ['id', 'createdAt', 'updatedAt'];

/** Fields that every table has and that the server fills. */
export const isSystem = ({ name }: Field): boolean => SYSTEM_FIELDS.includes(name);

export const isRelation = (field: Field): field is RelationField => field.kind === 'relation';
export const isColumn = (field: Field): field is ScalarField => field.kind !== 'relation';
export const isVisible = (field: Field): boolean => isRelation(field) || !field.isHidden;

export const otherSide = (side: Side): Side => (side === 'A' ? 'B' : 'A');

/** The entry under `name`. @throws when a name that was checked before is missing: a defect. */
export function named<T>(map: ReadonlyMap<string, T>, name: string): T {
  const entry = map.get(name);
  if (entry === undefined) throw new Error(`'${name}' is not in the datamodel`);
  return entry;
}

/** Both ends of the relation of `field`, seen from it: the types it leads to and back. */
export function endsOf(datamodel: Datamodel, field: RelationField) {
  const relation = named(datamodel.relations, field.relation);
  return {
    relation,
    target: named(datamodel.models, field.type),
    /** The field that leads back. In a relation of a field with itself, that very field. */
    back: relation[otherSide(field.side)].field,
  };
}
