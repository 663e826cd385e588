import type { Engine } from '../clients/docker/connect.js';
import type { PlannedChange } from '../clients/terraform/events.js';
import type { State } from '../clients/terraform/state/state.js';
import type { ClusterSettings, ImageTransport } from '../cluster/settings/settings.js';
import type { Secret } from '../lib/secret.js';
import type { BuildStack } from '../stacks/common/synthesize.js';
import type { ContainersFound } from './common/container-states.js';
import type { TargetLog } from './common/logs.js';
import type { Registrable } from './common/register.js';
import type { StackPlace } from './common/stack-place.js';
import type { Stage } from './common/stages/stage.js';
import type { ClusterContext } from './context.js';
import type { EnginePlace, Machine, MachinePlace } from './machine.js';
import type { TargetSettings } from './target-settings.js';

/**
 * A place where clusters run. Everything that differs between targets is behind this interface: commands,
 * `lifecycle/` and all other code use targets only through it. A cluster has one or more machines, and
 * one or more containers per role.
 */
export interface Target<
  S extends ClusterSettings = ClusterSettings,
  F extends Findings = Findings,
> {
  /** Value of `clusters.<name>.target`. */
  readonly name: string;
  readonly settings: TargetSettings<S>;
  /** Clusters run on this machine, so they reach the same addresses. */
  readonly runsHere: boolean;
  /** Prefix of its resource types, such as `docker_`, by which a state identifies its target. */
  readonly resourcePrefix: string;
  /** Source address of its Terraform provider in its stacks. */
  readonly provider: string;
  /** The stages that Terraform runs. */
  readonly stages: readonly Stage[];
  /** Logs in addition to those of containers. @default - none */
  readonly logs?: readonly TargetLog[];
  /** Option of `down` that keeps the data, and the reason why a cluster has none to keep. */
  readonly keepData: {
    readonly option: string;
    refusal?(settings: S): { path: string; message: string; hint: string } | undefined;
  };

  /** Does a key store have files that only this target creates? @default - no */
  hasMade?(place: MachinePlace): Promise<boolean>;
  /** The target's own secrets in a key store, for redaction. Never fails. @default - none */
  secrets?(place: MachinePlace): Promise<readonly Secret[]>;
  /** Address of the server for clients; `null`: not known yet. */
  endpoint(settings: S, context: ClusterContext, state: State | undefined): Promise<string | null>;
  /** Address that versions before registered, and which leads to the same server. @default - the same */
  formerEndpoint?(settings: S): string | undefined;
  /**
   * All checks before anything is created; reports all problems together. Changes nothing.
   * @throws KitError with every problem; the first decides code and exit code
   */
  preflight(settings: S, context: ClusterContext): Promise<F>;
  /** What an apply would change. Runs under the cluster's lock, and changes nothing. */
  plan(settings: S, context: ClusterContext, findings: F): Promise<Planned>;
  /** Creates or repairs the cluster, or does nothing. Runs under the cluster's lock. */
  apply(settings: S, context: ClusterContext, findings: F): Promise<Applied>;
  /**
   * Prepares the removal of a cluster, and changes nothing yet. Runs under the cluster's lock.
   * @param settings missing when the file no longer has the cluster
   * @throws KitError `cluster-elsewhere` (exit 2) when another checkout created the only cluster of that name
   */
  down(
    settings: S | undefined,
    context: ClusterContext,
    keepData: boolean,
  ): Promise<ClusterRemoval>;
  /** The states of a cluster's containers. */
  status(settings: S, context: ClusterContext, state: State | undefined): Promise<ContainersFound>;
  /** Opens every machine of a cluster. @throws KitError when one cannot be reached */
  engines(place: EnginePlace, signal: AbortSignal): Promise<readonly Machine[]>;
  /** Where a cluster's applications run; they run on its first machine. */
  applications(settings: S, context: ClusterContext): Promise<AppsPlace>;
  /** The stack of a cluster that `cdktf` synthesizes. When nothing can be created, the stack refuses it. */
  stack(settings: S, place: StackPlace): Promise<BuildStack>;
}

/** Where applications run beside a cluster's server. */
export interface AppsPlace {
  /** Address of the machine on which ports are published. */
  readonly publishIp: string;
  /** Host by which clients reach them; `null`: not known yet. */
  readonly address: string | null;
  /** The engine's socket on its own machine. */
  readonly engineSocket: string;
  /** `here`: the command's own engine runs them. `away`: images are copied to another machine. */
  readonly engine: 'here' | 'away';
  /** Login and name of a managed database. @default - the cluster's own, or the external one of the settings */
  readonly database?: { readonly user: string; readonly database: string };
  /** How an image that nobody builds gets to a machine that is away. @default - by what it is */
  readonly transport?: ImageTransport;
}

/** Findings of a preflight. */
export interface Findings {
  /** Images that an `up` pulls first. */
  readonly missingImages: readonly string[];
  /** The engine that pulls them. @default - nothing to pull */
  readonly engine: Engine | undefined;
  /** Warnings for the user. */
  readonly warnings: readonly string[];
}

/** The changes that an apply would make. */
export interface Planned {
  readonly changes: readonly PlannedChange[];
  /** @default - no cost */
  readonly cost?: Cost;
  /** @default - none */
  readonly warnings?: readonly string[];
}

/** Cost of a running cluster, in US dollars. Stable: `plan --json` shows it. */
export interface Cost {
  readonly monthly: number;
  readonly items: readonly {
    readonly what: string;
    readonly name: string;
    readonly detail: string;
    /** `null`: the price is not known. */
    readonly monthly: number | null;
  }[];
}

/** Result of an apply. */
export interface Applied {
  readonly changes: readonly PlannedChange[];
  /** Input of verification and registration. */
  readonly registration: Registrable;
  /** Called after the entry is written. @default - nothing to do */
  readonly settle?: () => Promise<void>;
}

/** Something that stays after a cluster. Stable: `down --json` shows it. */
export interface Remaining {
  /** Such as `tag`, `snapshot` or `dns-record`. */
  readonly kind: string;
  readonly name: string;
  readonly id?: string;
  readonly detail: string;
  /** Does it cost money? */
  readonly costs: boolean;
  /** The command, or the place, to remove it. */
  readonly remove: string;
}

/** The steps that remove one cluster. They ignore what is already gone. */
export interface ClusterRemoval {
  /** What still exists of the cluster. */
  inspect(): Promise<{ readonly count: number; readonly hasData: boolean }>;
  /** Names of objects that somebody else has under the cluster's name; they stay. @default - none */
  foreign?(): Promise<readonly string[]>;
  /** What stays of or for the cluster that the kit did not make, once it is gone. @default - nothing */
  remaining?(): Promise<readonly Remaining[]>;
  /** Everything that can fail before the first change: afterwards {@link destroy} can go on. */
  prepare(): Promise<void>;
  /** Removes everything in Terraform's state. */
  destroy(): Promise<void>;
  /** Removes left-overs that are not in the state: of an interrupted `up`, or a lost state. */
  sweep(): Promise<void>;
  /** Removes local files once nothing is left: secrets, copies beside the registry. */
  forget(): Promise<void>;
}
