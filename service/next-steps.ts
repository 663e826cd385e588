import type { Auth } from '../prisma/auth.js';
import type { Generation } from '../prisma/generation.js';
import { LAST_WITH_REGISTRY } from './prisma-cli/cli-version.js';
import { cliFor } from './prisma-cli/compatibility.js';
import type { Form } from './prisma-yml/service.js';

/** What decides how services get to a cluster. */
export interface ClusterFacts {
  readonly name: string;
  readonly generation: Generation;
  readonly auth: Auth;
  readonly behindGateway: boolean;
  /** With a key pair: the server also accepts the secret derived from it. */
  readonly derivedSecret: boolean;
}

/** Install without the scripts of packages: those of the CLIs do nothing useful on current Node.js. */
export const INSTALL = 'npm install --ignore-scripts';

/**
 * What to do after a cluster is up. A key pair is in the registry, where CLIs up to 1.8 find it; no CLI
 * takes a shared secret from there, or derives it, so `deploy` or `exec` gives it to them.
 */
export function afterUp(cluster: ClusterFacts, call: string): string[] {
  const { name } = cluster;
  const byItself =
    cluster.auth === 'rsa'
      ? [
          `Or with the CLI alone, in a service with \`cluster: ${name}\` in its prisma.yml:`,
          `  ${cliFor({ ...cluster, form: 'cluster' })}`,
          '  npx prisma deploy',
          ...(cluster.derivedSecret
            ? [
                'Or with the newest CLI, in a service with `endpoint` in its prisma.yml:',
                `  ${cliFor({ ...cluster, form: 'endpoint' })}`,
                alone(name, call),
              ]
            : []),
        ]
      : [
          `CLIs take no shared secret from the registry. One that is called alone gets it this way:`,
          alone(name, call),
        ];
  return [
    'Next, for a new service:',
    `  ${call} init blog ./blog --cluster ${name}`,
    `  (cd blog && ${INSTALL})`,
    `  ${call} deploy ./blog`,
    'A service that exists, in DIR:',
    `  ${call} deploy DIR --cluster ${name}`,
    ...byItself,
  ];
}

/** Gives a CLI the shared secret. */
const alone = (name: string, call: string) =>
  `  ${call} exec ${name} --management-secret -- npx prisma1 deploy`;

/** What to do after `init`; all of it from the directory where `init` was called. */
export const afterInit = (
  { directory, cluster }: { readonly directory: string; readonly cluster: string | null },
  call: string,
): string[] => [
  directory === '.' ? INSTALL : `(cd ${directory} && ${INSTALL})`,
  [
    `${call} deploy`,
    ...(directory === '.' ? [] : [directory]),
    ...(cluster === null ? ['--cluster NAME'] : []),
  ].join(' '),
];

/** What to do when a CLI said that it deployed, and the server has not got it. */
export function afterFalseSuccess(
  cluster: ClusterFacts,
  cli: { readonly label: string; readonly minor: number },
  { form, onlyRemovals }: { readonly form: Form; readonly onlyRemovals: boolean },
): string {
  const other = cliFor({ ...cluster, form });
  if (onlyRemovals && cli.minor === 0) {
    return `CLI 1.0 says that a service is up to date when types or fields were only removed. One that removes them: ${other}`;
  }
  return `Its output above may show the reason. Run it again; if it fails again, use a CLI that fits the server: ${other}`;
}

/** What a cluster was, and what it becomes. */
export type Side = Omit<ClusterFacts, 'name'>;

/** What services need after a change of the cluster: their datamodels, and their CLIs. */
export function afterChange(name: string, before: Side, after: Side): string[] {
  return [...datamodelNotes(name, before, after), ...cliNotes(name, before, after)];
}

function datamodelNotes(name: string, before: Side, after: Side): string[] {
  if ((before.generation === 'C') === (after.generation === 'C')) return [];
  return after.generation === 'C'
    ? [
        `Services of ${name} keep their data and API, but their next deployment needs the datamodel of servers from 1.27 on: \`id: ID! @id\` on every type, and \`createdAt: DateTime! @createdAt\`, \`updatedAt: DateTime! @updatedAt\` on each type that shall keep them. Deploy it once with --force: clusterkit deploy DIR -- --force`,
      ]
    : [
        `Services of ${name} need the datamodel of servers up to 1.26 for their next deployment: \`id: ID! @unique\` on every type, without @id, @createdAt and @updatedAt. Deploy it once with --force: clusterkit deploy DIR -- --force`,
      ];
}

function cliNotes(name: string, before: Side, after: Side): string[] {
  const [was, is] = [rangeOf(before), rangeOf(after)];
  if (was.text === is.text && before.auth === after.auth) return [];
  const plain =
    before.auth === 'rsa' && after.auth === 'secret'
      ? ' `prisma deploy` no longer finds its secret in the registry: use clusterkit deploy, or clusterkit exec.'
      : '';
  return [
    `CLIs that deploy to ${name}: ${is.text}; until now ${was.text}.${plain} A CLI for it: ${cliFor({ ...after, form: after.auth === 'rsa' ? 'cluster' : 'endpoint' })}`,
  ];
}

/** The CLIs that deploy to such a server, from the measured table (docs/decisions/cli-matrix.md). */
function rangeOf({ generation, auth, behindGateway, derivedSecret }: Side) {
  if (derivedSecret) return { text: '1.0 to 1.34' };
  if (auth === 'rsa') return { text: `1.0 to 1.${LAST_WITH_REGISTRY}` };
  return { text: generation === 'C' && !behindGateway ? '1.8 to 1.34' : '1.7 to 1.34' };
}
