import type { State } from '../clients/terraform/state/state.js';
import type { Auth } from '../prisma/auth.js';
import { inputIn } from '../targets/common/stages/input-in-state.js';
import { registerStage } from '../targets/common/stages/register.js';

/** What services found at a cluster until now. Stable. */
export interface Served {
  /** Version whose protocol the server spoke. */
  readonly version: string;
  readonly auth: Auth;
  readonly gateway: boolean;
  /** With a key pair: the secret derived from it counted too. */
  readonly derivedSecret: boolean;
}

/** What services found at a cluster when it was last verified; `undefined`: it never was. */
export function servedBefore(state: State): Served | undefined {
  const input = inputIn(state, registerStage);
  if (input === undefined) return undefined;
  const { version, auth, gateway, derivedSecret = false } = input;
  return { version, auth, gateway: gateway !== undefined, derivedSecret };
}
