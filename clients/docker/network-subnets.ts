import type { Engine } from './connect.js';

/** The subnets of a network. */
export async function networkSubnets(engine: Engine, name: string): Promise<readonly string[]> {
  const { IPAM } = await engine.getNetwork(name).inspect();
  return (IPAM?.Config ?? []).flatMap(({ Subnet }) => (Subnet ? [Subnet] : [])).sort();
}
