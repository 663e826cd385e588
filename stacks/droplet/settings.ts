import type { ClusterSettings, Sources } from '../../cluster/settings/settings.js';

/** The settings that the stack of a cluster on a droplet uses. */
export interface DropletStackSettings
  extends Pick<ClusterSettings, 'name' | 'port' | 'database' | 'tls' | 'apps'> {
  readonly region: string;
  readonly size: string;
  readonly image: string;
  /** Who may reach ssh. @default - the operator's own address */
  readonly ssh?: Sources;
  /** Who may reach the management API. @default - the operator's own address */
  readonly management?: Sources;
  /** Who may reach services. @default - as the management API */
  readonly data?: Sources;
  /** `false`: the data is on the droplet's own disk. */
  readonly volume: { readonly sizeGb: number } | false;
  readonly reservedIp: boolean;
  /** Name of a project to create. @default - the account's default project */
  readonly project?: string;
  readonly tags: readonly string[];
  readonly backups: boolean;
  readonly monitoring: boolean;
  /** Id. @default - the region's default network */
  readonly vpc?: string;
}
