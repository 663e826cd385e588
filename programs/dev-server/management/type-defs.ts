import type { Generation } from '../../../prisma/generation.js';

/** A has `clusterInfo`, C `serverInfo`, and B both. */
const INFO: Record<Generation, string> = {
  A: 'clusterInfo: ServerInfo!',
  B: 'serverInfo: ServerInfo! clusterInfo: ServerInfo!',
  C: 'serverInfo: ServerInfo!',
};

const FACTS = 'unique: Boolean relation: String default: String enum: String';

/** The fields of each step of a migration. */
const STEPS: Record<string, string> = {
  CreateModel: 'name: String!',
  UpdateModel: 'name: String! newName: String!',
  DeleteModel: 'name: String!',
  CreateField: `model: String! name: String! typeName: String! isRequired: Boolean! isList: Boolean! ${FACTS}`,
  UpdateField: `model: String! name: String! newName: String typeName: String isRequired: Boolean isList: Boolean ${FACTS}`,
  DeleteField: 'model: String! name: String!',
  CreateEnum: 'name: String! values: [String!]!',
  UpdateEnum: 'name: String! newName: String values: [String!]',
  DeleteEnum: 'name: String!',
  CreateRelation: 'name: String! leftModel: String! rightModel: String!',
  DeleteRelation: 'name: String!',
  UpdateSecrets: 'message: String!',
};

/** How relations are stored. CLIs that find this type ask for all its fields. */
const MANIFESTATIONS = `
  interface RelationManifestation { type: String! }
  type LinkTable implements RelationManifestation {
    type: String! table: String! modelAColumn: String! modelBColumn: String! idColumn: String
  }
  type Inline implements RelationManifestation { type: String! model: String! column: String! }
  extend type CreateRelation { after: RelationManifestation }
  type UpdateRelation implements MigrationStep {
    type: String! name: String! newName: String
    before: RelationManifestation after: RelationManifestation
  }`;

/**
 * The management API that the CLIs use. Queries never return null, mutations may: so a refused
 * query has `data: null`, and a refused mutation has `data: {"deploy": null}`.
 */
export const managementTypeDefs = (generation: Generation): string => `
  scalar DateTime
  type Query {
    ${INFO[generation]}
    listProjects: [Project!]!
    project(name: String!, stage: String!): Project!
    listMigrations(name: String!, stage: String!): [Migration!]!
    migrationStatus(name: String!, stage: String!): Migration!
    generateProjectToken(name: String!, stage: String!): String!
  }
  type Mutation {
    addProject(input: AddProjectInput!): AddProjectPayload
    deploy(input: DeployInput!): DeployPayload
    deleteProject(input: DeleteProjectInput!): DeleteProjectPayload
  }
  type ServerInfo { version: String! commit: String! ${generation === 'C' ? 'primaryConnector: String!' : ''} }
  type Project { name: String! stage: String! }
  type Migration {
    projectId: String! revision: Int! status: String! applied: Int! rolledBack: Int!
    errors: [String!]! startedAt: DateTime finishedAt: DateTime steps: [MigrationStep!]!
  }
  input AddProjectInput { name: String! stage: String! secrets: [String!] clientMutationId: String }
  type AddProjectPayload { project: Project clientMutationId: String }
  input DeleteProjectInput { name: String! stage: String! clientMutationId: String }
  type DeleteProjectPayload { project: Project clientMutationId: String }
  input DeployInput {
    name: String! stage: String! types: String! dryRun: Boolean force: Boolean
    secrets: [String!] subscriptions: [FunctionInput!] clientMutationId: String
  }
  input FunctionInput { name: String! query: String! url: String! headers: [HeaderInput!]! }
  input HeaderInput { name: String! value: String! }
  type DeployPayload {
    errors: [DeployError!]! warnings: [DeployWarning!]! migration: Migration
    steps: [MigrationStep!]! clientMutationId: String
  }
  type DeployError { type: String! field: String description: String! }
  type DeployWarning { type: String! field: String description: String! }
  interface MigrationStep { type: String! }
  ${generation === 'C' ? MANIFESTATIONS : ''}
  ${Object.entries(STEPS)
    .map(([type, facts]) => `type ${type} implements MigrationStep { type: String! ${facts} }`)
    .join('\n')}
`;
