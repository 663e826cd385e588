import { join } from 'node:path';

/**
 * The version of the pinned revision of kreuzwerker/docker, from its README and change log; the Go
 * module proxy has only this revision.
 */
export const PROVIDER_VERSION = '4.6.0';

/** File of the built provider, in the layout of Terraform's file system mirrors. */
export const builtProvider = (cacheDir: string, platform: string) =>
  join(
    cacheDir,
    'providers/registry.terraform.io/kreuzwerker/docker',
    PROVIDER_VERSION,
    platform,
    `terraform-provider-docker_v${PROVIDER_VERSION}`,
  );
