import type { Engine } from '../clients/docker/connect.js';
import type { PlannedChange } from '../clients/terraform/events.js';
import type { State } from '../clients/terraform/state/state.js';
import type { ClusterSettings } from '../cluster/settings/settings.js';
import type { Secret } from '../lib/secret.js';
import type { BuildStack } from '../stacks/common/synthesize.js';
import type { ContainersFound } from './common/container-states.js';
import type { TargetLog } from './common/logs.js';
import type { Registrable } from './common/register.js';
import type { StackPlace } from './common/stack-place.js';
import type { Stage } from './common/stages/stage.js';
import type { ClusterContext } from './context.js';
import type { Machine, MachinePlace } from './machine.js';
import type { TargetSettings } from './target-settings.js';

/**
 * Where clusters run. Everything that differs between targets is behind this interface: commands,
 * their stories in `lifecycle/` and whatever else works on clusters know targets by it alone. A
 * cluster has one or more machines, and one or more containers per role.
 */
export interface Target<
  S extends ClusterSettings = ClusterSettings,
  F extends Findings = Findings,
> {
  /** Value of `clusters.<name>.target`. */
  readonly name: string;
  readonly settings: TargetSettings<S>;
  /** Clusters run on this machine: what this machine reaches, they reach. */
  readonly runsHere: boolean;
  /** How resource types of its stacks begin, such as `docker_`: a state says by it where it runs. */
  readonly resourcePrefix: string;
  /** Source address of its Terraform provider, as its stacks name it. */
  readonly provider: string;
  /** The stages that Terraform runs. */
  readonly stages: readonly Stage[];
  /** Logs beside those of containers. @default - none */
  readonly logs?: readonly TargetLog[];
  /** Option of `down` that keeps the data, and the reason why a cluster has none to keep. */
  readonly keepData: {
    readonly option: string;
    refusal?(settings: S): { path: string; message: string; hint: string } | undefined;
  };

  /** Is a key store one that only this target makes? @default - no */
  hasMade?(place: MachinePlace): Promise<boolean>;
  /** Secrets of its own in a key store, which no log may show. Never fails. @default - none */
  secrets?(place: MachinePlace): Promise<readonly Secret[]>;
  /** Where clients reach the server; `null`: nobody knows yet. */
  endpoint(settings: S, context: ClusterContext, state: State | undefined): Promise<string | null>;
  /**
   * Everything that can go wrong, before anything is made, all of it at once. Changes nothing.
   * @throws KitError with every problem; the first decides code and exit code
   */
  preflight(settings: S, context: ClusterContext): Promise<F>;
  /** What an apply would change. Runs under the cluster's lock, and changes nothing. */
  plan(settings: S, context: ClusterContext, findings: F): Promise<Planned>;
  /** Makes the cluster, repairs it, or finds nothing to do. Runs under the cluster's lock. */
  apply(settings: S, context: ClusterContext, findings: F): Promise<Applied>;
  /**
   * Opens the removal of a cluster, and changes nothing of it yet. Runs under the cluster's lock.
   * @param settings missing where the file no longer has the cluster
   * @throws KitError `cluster-elsewhere` (exit 2) when the only one of that name was not made from here
   */
  down(
    settings: S | undefined,
    context: ClusterContext,
    keepData: boolean,
  ): Promise<ClusterRemoval>;
  /** The states of a cluster's containers. */
  status(settings: S, context: ClusterContext, state: State | undefined): Promise<ContainersFound>;
  /** Opens every machine of a cluster. @throws KitError when one cannot be reached */
  engines(place: MachinePlace, signal: AbortSignal): Promise<readonly Machine[]>;
  /** The stack of a cluster as `cdktf` synthesizes it. What cannot be made is refused inside of it. */
  stack(settings: S, place: StackPlace): Promise<BuildStack>;
  /** Makes the directory of a synthesized stack ready for `cdktf`. @default - nothing to do */
  prepareDirectory?(directory: string, cacheDir: string): Promise<void>;
}

/** What a pre-flight learned. */
export interface Findings {
  /** Images that an `up` pulls first. */
  readonly missingImages: readonly string[];
  /** The engine that pulls them. @default - none has to */
  readonly engine: Engine | undefined;
  /** What people should know, though it stops nothing. */
  readonly warnings: readonly string[];
}

/** What an apply would change. */
export interface Planned {
  readonly changes: readonly PlannedChange[];
  /** @default - it costs nothing */
  readonly cost?: Cost;
  /** @default - none */
  readonly warnings?: readonly string[];
}

/** What a cluster costs while it runs, in US dollars. Stable: `plan --json` shows it. */
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

/** What an apply did. */
export interface Applied {
  readonly changes: readonly PlannedChange[];
  /** What verification and registry entry are made from. */
  readonly registration: Registrable;
  /** To be called once the entry is written. @default - nothing to do */
  readonly settle?: () => Promise<void>;
}

/** The removal of one cluster, step by step. For each step, gone already is done. */
export interface ClusterRemoval {
  /** What exists of the cluster. */
  inspect(): Promise<{ readonly count: number; readonly hasData: boolean }>;
  /** Removes what Terraform knows. */
  destroy(): Promise<void>;
  /** Removes what Terraform does not know: an interrupted `up`, a lost state. */
  sweep(): Promise<void>;
  /** Removes what remains when nothing is left: secrets, copies beside the registry. */
  forget(): Promise<void>;
}
