import {
  type DirectiveNode,
  type FieldDefinitionNode,
  type TypeNode,
  valueFromASTUntyped,
} from 'graphql';
import { type DefaultValue, type DeployProblem, problem, SCALARS } from './datamodel.js';

/** A field as written, before relations are known. */
export interface FieldDraft {
  readonly name: string;
  readonly type: string;
  readonly isList: boolean;
  readonly isRequired: boolean;
  readonly isUnique: boolean;
  readonly isId: boolean;
  readonly defaultValue: DefaultValue | undefined;
  readonly oldName: string | undefined;
  readonly relation: string | undefined;
  readonly cascades: boolean;
}

/** `link`, `strategy` and `@db` choose a layout in the database: there is only one here. */
const DIRECTIVES: Record<string, readonly string[]> = {
  unique: [],
  id: ['strategy'],
  default: ['value'],
  relation: ['name', 'onDelete', 'link'],
  rename: ['oldName'],
  createdAt: [],
  updatedAt: [],
  scalarList: ['strategy'],
  db: ['name'],
};

/** Reads one field of type `owner`; what is wrong with it goes to `problems`. */
export function parseField(
  node: FieldDefinitionNode,
  owner: string,
  problems: DeployProblem[],
): FieldDraft {
  const name = node.name.value;
  const report = (description: string) => problems.push(problem(description, owner, name));
  if (!/^[a-z][A-Za-z0-9_]{0,59}$/.test(name)) {
    report(
      `'${name}' is not a field name: a lowercase letter, then up to 59 letters, digits or _.`,
    );
  }
  const directives = readDirectives(node.directives ?? [], report);
  const shape = readType(node.type);
  if (shape === undefined) report('A list is written as [Type!] or [Type!]!.');
  const { type, isList, isRequired } = shape ?? {
    type: 'String',
    isList: false,
    isRequired: false,
  };
  const onDelete = directives.relation?.onDelete ?? 'SET_NULL';
  if (onDelete !== 'CASCADE' && onDelete !== 'SET_NULL') {
    report(`onDelete is ${String(onDelete)}; it can be CASCADE or SET_NULL.`);
  }
  for (const system of ['createdAt', 'updatedAt']) {
    if (directives[system] && name !== system) {
      report(`@${system} belongs on a field that is named ${system} on this server.`);
    }
  }
  const given = directives.default?.value;
  const defaultValue = given === undefined ? undefined : readDefault(type, given);
  if (given !== undefined && (defaultValue === undefined || isList)) {
    report(`The default ${JSON.stringify(given)} is not a single value of type ${type}.`);
  }
  return {
    name,
    type,
    isList,
    isRequired,
    isUnique: 'unique' in directives || 'id' in directives,
    isId: 'id' in directives,
    defaultValue,
    oldName: optionalString(directives.rename?.oldName),
    relation: optionalString(directives.relation?.name),
    cascades: onDelete === 'CASCADE',
  };
}

/** The value of `@rename(oldName:)` among `nodes`. */
export function oldNameOf(nodes: readonly DirectiveNode[] | undefined): string | undefined {
  return optionalString(readDirectives(nodes ?? [], () => {}).rename?.oldName);
}

function readDirectives(nodes: readonly DirectiveNode[], report: (description: string) => void) {
  const found: Record<string, Record<string, unknown>> = {};
  for (const { name, arguments: args = [] } of nodes) {
    const allowed = DIRECTIVES[name.value];
    if (allowed === undefined) report(`The directive @${name.value} is not known to this server.`);
    const odd = args.find((argument) => !allowed?.includes(argument.name.value));
    if (allowed && odd) report(`@${name.value} takes no argument '${odd.name.value}'.`);
    found[name.value] = Object.fromEntries(
      args.map((argument) => [argument.name.value, valueFromASTUntyped(argument.value)]),
    );
  }
  return found;
}

function readType(node: TypeNode): Pick<FieldDraft, 'type' | 'isList' | 'isRequired'> | undefined {
  const isRequired = node.kind === 'NonNullType';
  const inner = node.kind === 'NonNullType' ? node.type : node;
  if (inner.kind === 'NamedType') return { type: inner.name.value, isList: false, isRequired };
  const { type: item } = inner;
  if (item.kind !== 'NonNullType' || item.type.kind !== 'NamedType') return undefined;
  return { type: item.type.name.value, isList: true, isRequired: true };
}

/** Older datamodels quote every default: `@default(value: "0")`. */
function readDefault(type: string, value: unknown): DefaultValue | undefined {
  const text = String(value);
  if (value === null || typeof value === 'object') return undefined;
  if (type === 'Boolean') return text === 'true' || text === 'false' ? text === 'true' : undefined;
  if (type === 'Int') return /^-?\d+$/.test(text) ? Number(text) : undefined;
  if (type === 'Float')
    return text !== '' && Number.isFinite(Number(text)) ? Number(text) : undefined;
  if (type === 'DateTime') return Number.isNaN(Date.parse(text)) ? undefined : text;
  return SCALARS.some((scalar) => scalar === type) || /^\w+$/.test(text) ? text : undefined;
}

const optionalString = (value: unknown) => (typeof value === 'string' ? value : undefined);
