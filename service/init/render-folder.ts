import type { Secret } from '../../lib/secret.js';
import type { Generation } from '../../prisma/generation.js';
import { type CliPackage, dependenciesOf } from './cli-package.js';

/** The texts of `templates/service`, by file name. */
export type FolderTemplates = Readonly<Record<(typeof TEMPLATES)[number], string>>;

/** The files that {@link renderFolder} starts from. */
export const TEMPLATES = [
  'cluster-form.template',
  'endpoint-form.template',
  'datamodel.template',
  'README.md',
  'gitignore',
] as const;

/** What determines the content of a service's folder. */
export interface FolderFacts {
  readonly service: string;
  readonly cli: CliPackage;
  /** `cluster`: service, stage and cluster; `endpoint`: an address from a variable. */
  readonly form: 'cluster' | 'endpoint';
  /** The chosen cluster: its name, plain and as YAML. */
  readonly cluster: { readonly name: string; readonly yaml: string } | undefined;
  /** Of the server; determines how ids are marked. */
  readonly generation: Generation;
  /** Secret of the service's API. */
  readonly secret: Secret;
  /** How the kit is called on this machine. */
  readonly call: string;
}

/** One file of the folder. */
export interface FolderFile {
  readonly path: string;
  readonly text: string;
  /** Only the owner may read it. */
  readonly isPrivate?: boolean;
}

/** All files of a service's folder. */
export function renderFolder(templates: FolderTemplates, facts: FolderFacts): FolderFile[] {
  const { service, cli, form, cluster, generation, secret, call } = facts;
  const datamodel = form === 'cluster' ? 'datamodel.graphql' : 'datamodel.prisma';
  const render = (template: string) =>
    fill(template, {
      ...{ SERVICE: service, DATAMODEL: datamodel, CLI: cli.name, CLI_VERSION: cli.version },
      KIT: call,
      ID: generation === 'C' ? '@id' : '@unique',
      SERVERS: generation === 'C' ? 'from 1.27 on' : 'up to 1.26',
      ...(cluster === undefined
        ? { NO_CLUSTER: '', NAME: 'NAME' }
        : { CLUSTER: cluster.yaml, NAME: cluster.name }),
    });
  return [
    { path: 'prisma.yml', text: render(templates[`${form}-form.template`]) },
    { path: datamodel, text: render(templates['datamodel.template']) },
    { path: '.env', text: `PRISMA_SECRET=${secret.reveal()}\n`, isPrivate: true },
    { path: '.gitignore', text: templates.gitignore },
    { path: 'package.json', text: packageJson(facts) },
    { path: 'README.md', text: render(templates['README.md']) },
  ];
}

function packageJson({ service, cli, call }: FolderFacts): string {
  const content = {
    name: service.toLowerCase(),
    private: true,
    scripts: { deploy: `${call} deploy` },
    devDependencies: dependenciesOf(cli),
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

/**
 * Replaces `@NAME@` by the value, and removes lines between `@if NAME@` and `@end@` without one. Unknown
 * names stay as they are.
 */
function fill(template: string, values: Readonly<Record<string, string>>): string {
  return template
    .replace(/^@if (\w+)@\n([\s\S]*?)^@end@\n/gm, (_all, name: string, lines: string) =>
      values[name] === undefined ? '' : lines,
    )
    .replace(/@([A-Z_]+)@/g, (marker, name: string) => values[name] ?? marker);
}
