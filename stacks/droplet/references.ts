/** What is known of a droplet only once it exists: references, while a stack is synthesized. */
export interface DropletReferences {
  /** Id at DigitalOcean. */
  readonly droplet: string;
  /** Its own address. */
  readonly host: string;
  /** Address that clients use: the reserved one, or its own. */
  readonly address: string;
  readonly memoryMb: number;
  /** Who may reach which API. @default - whoever reaches the port */
  readonly sources?: { readonly management: string[]; readonly data: string[] };
}
