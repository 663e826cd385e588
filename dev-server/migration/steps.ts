/** One step of a migration, with the field names of the management API. */
export type Step =
  | { readonly type: 'CreateModel' | 'DeleteModel' | 'DeleteEnum'; readonly name: string }
  | { readonly type: 'UpdateModel'; readonly name: string; readonly newName: string }
  | FieldStep
  | { readonly type: 'DeleteField'; readonly model: string; readonly name: string }
  | { readonly type: 'CreateEnum'; readonly name: string; readonly values: readonly string[] }
  | {
      readonly type: 'UpdateEnum';
      readonly name: string;
      readonly newName: string | null;
      readonly values: readonly string[] | null;
    }
  | {
      readonly type: 'CreateRelation';
      readonly name: string;
      readonly leftModel: string;
      readonly rightModel: string;
    }
  | { readonly type: 'DeleteRelation'; readonly name: string }
  | { readonly type: 'UpdateRelation'; readonly name: string; readonly newName: string }
  | { readonly type: 'UpdateSecrets'; readonly message: string };

/** A field made, or what changed about one: `null` is unchanged. */
export interface FieldStep {
  readonly type: 'CreateField' | 'UpdateField';
  readonly model: string;
  readonly name: string;
  readonly newName?: string | null;
  readonly typeName: string | null;
  readonly isRequired: boolean | null;
  readonly isList: boolean | null;
  readonly unique: boolean | null;
  readonly relation: string | null;
  readonly default: string | null;
  readonly enum: string | null;
}
