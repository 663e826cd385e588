import type { DatabaseLogin } from '../clients/database/database-login.js';
import type { EngineAddress } from '../clients/docker/address/engine-address.js';
import { resolveEngine } from '../clients/docker/address/resolve-engine.js';
import type { CommandContext } from '../cluster/context.js';
import { keyDirectory } from '../cluster/keys/key-directory.js';
import { type ClusterSecrets, readSecrets } from '../cluster/keys/key-store.js';
import type { ClusterSettings } from '../cluster/settings/settings.js';
import { loginOf } from '../external-database/read-login.js';
import { type Reading, reading } from '../lib/reading.js';
import { identityFor, type Owner, readOwner } from './common/owner.js';
import { commonFacts, type StagePlaces } from './common/stages/facts.js';

/** The user's options for one `up` or `plan`. */
export interface UpOptions {
  /** The user's addresses and blocks. @default - the public address of this machine */
  readonly sources: readonly string[];
  /** Allows the replacement of machines and volumes, with their data. */
  readonly allowReplace: boolean;
  /** Allows the reuse of another Prisma server's data in an external database. */
  readonly adoptDatabase: boolean;
}

/** Context of all steps of one command on one cluster. Everything is read once. */
export interface ClusterContext extends CommandContext {
  readonly options: UpOptions;
  /** The cluster runs on this machine, so both reach the same addresses. */
  readonly runsHere: boolean;
  /**
   * The Docker engine of this command. @throws KitError `engine-misconfigured` (exit 2)
   */
  readonly engineAddress: Reading<EngineAddress>;
  /** Key store of the cluster. */
  readonly keyDirectory: string;
  /** What this directory can show of the cluster. @throws KitError `identity-damaged` (exit 2) */
  readonly owner: Reading<Owner>;
  /**
   * The secrets in the key store; `undefined` when one is missing. An apply creates missing ones: forget
   * the cached value after it. @throws KitError `key-invalid` (exit 2)
   */
  readonly secrets: Reading<ClusterSecrets | undefined>;
  /**
   * The login to the external database; `undefined`: there is none.
   * @throws KitError `database-login-unusable` (exit 2)
   */
  readonly login: Reading<DatabaseLogin | undefined>;
}

const NO_OPTIONS: UpOptions = { sources: [], allowReplace: false, adoptDatabase: false };

/** Opens the context of a command. @param settings missing when the file no longer has the cluster */
export function openContext(
  command: CommandContext,
  { runsHere }: Pick<ClusterContext, 'runsHere'>,
  settings: ClusterSettings | undefined,
  options: UpOptions = NO_OPTIONS,
): ClusterContext {
  const keys = keyDirectory(command.project.stateDir, command.cluster);
  return {
    ...command,
    options,
    runsHere,
    keyDirectory: keys,
    owner: reading(() => readOwner(command.project.stateDir, command.cluster, command.registry)),
    engineAddress: reading(() => resolveEngine(command.env)),
    secrets: reading(async () => settings && readSecrets(keys, settings.server.auth)),
    login: reading(
      async () => settings && loginOf(commonFacts(settings, placesOf(command)), command.env),
    ),
  };
}

/** Paths of the cluster's files, for facts. */
export const placesOf = ({ project, registry }: Pick<CommandContext, 'project' | 'registry'>) => ({
  ...{ stateDir: project.stateDir, registry },
  attempt: '',
});

/** Paths of the cluster's files and its identity, for a stack. */
export const stackPlacesOf = async (
  context: Pick<ClusterContext, 'project' | 'registry' | 'owner'>,
  attempt: string,
): Promise<StagePlaces> => ({
  ...placesOf(context),
  attempt,
  identity: identityFor(await context.owner()),
});
