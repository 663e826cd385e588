/**
 * The address from which the engine's port forwarder connects: that of the default gateway in
 * `/proc/net/route`, which has addresses as hexadecimal numbers, the last byte first.
 */
export function forwarderAddress(routes: string): string | undefined {
  for (const line of routes.split('\n')) {
    const [, destination, gateway = ''] = line.trim().split(/\s+/);
    if (destination !== '00000000' || !/^[0-9A-F]{8}$/i.test(gateway)) continue;
    return Buffer.from(gateway, 'hex').reverse().join('.');
  }
  return undefined;
}
