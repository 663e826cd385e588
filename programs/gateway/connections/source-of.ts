import ipaddr from 'ipaddr.js';
import { plainAddress } from '../sources.js';

/**
 * Whose connection it is: an address, or the network of 64 bits that one client with IPv6 has.
 */
export function sourceOf(address: string): string {
  const plain = plainAddress(address);
  if (!plain.includes(':') || !ipaddr.IPv6.isValid(plain)) return plain;
  return ipaddr.IPv6.parse(plain).parts.slice(0, 4).join(':');
}
