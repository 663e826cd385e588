import { createHash, randomUUID } from 'node:crypto';

/** Numbers and ids as the API hands them out; no two are alike within one account. */
export function identifiers() {
  let droplet = 528_100_000;
  let action = 2_290_000_000;
  let key = 51_400_000;
  return {
    droplet: () => (droplet += 37),
    action: () => (action += 11),
    key: () => (key += 7),
    uuid: () => randomUUID(),
  };
}

/** MD5 of the key's blob, in pairs: `3b:16:…`. Undefined when it is no public key. */
export function fingerprintOf(publicKey: string): string | undefined {
  const [type, blob] = publicKey.trim().split(/\s+/);
  if (!type || !blob || !/^[A-Za-z0-9+/]+=*$/.test(blob)) return undefined;
  const bytes = Buffer.from(blob, 'base64');
  // The blob begins with its own type, so that a cut or mixed-up key is found.
  const length = bytes.length >= 4 ? bytes.readUInt32BE(0) : 0;
  if (bytes.subarray(4, 4 + length).toString() !== type) return undefined;
  const digest = createHash('md5').update(bytes).digest('hex');
  return digest.match(/../g)?.join(':');
}
