/** Facts about a droplet that are known once it exists; Terraform references during synthesis. */
export interface DropletReferences {
  /** Id at DigitalOcean. */
  readonly droplet: string;
  /** Its own address. */
  readonly host: string;
  /** Address that clients use: the reserved one, or its own. */
  readonly address: string;
  /** Who may reach which API. @default - all that reach the port */
  readonly sources?: { readonly management: string[]; readonly data: string[] };
}
