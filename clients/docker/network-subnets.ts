import type { Engine } from './connect.js';

/** The blocks of addresses that an engine gave to a network. */
export async function networkSubnets(engine: Engine, name: string): Promise<readonly string[]> {
  const { IPAM } = await engine.getNetwork(name).inspect();
  return (IPAM?.Config ?? []).flatMap(({ Subnet }) => (Subnet ? [Subnet] : [])).sort();
}
