import type { Secret } from '../../../lib/secret.js';

/** What a registry is told: name and password, or a token in their place. */
export interface RegistryLogin {
  readonly registry: string;
  readonly username?: string | undefined;
  readonly password?: Secret | undefined;
  readonly identityToken?: Secret | undefined;
  readonly registryToken?: Secret | undefined;
}

/** A login in the form of the engine's API. */
export const authConfigOf = (login: RegistryLogin) => ({
  username: login.username ?? '',
  password: login.password?.reveal() ?? '',
  serveraddress: login.registry,
  ...(login.identityToken && { identitytoken: login.identityToken.reveal() }),
  ...(login.registryToken && { registrytoken: login.registryToken.reveal() }),
});
