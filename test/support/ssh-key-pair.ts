import ssh2 from 'ssh2';
import { newOpensshKey } from '../../targets/droplet/keys/openssh-key.js';

/** An ed25519 key pair in OpenSSH's forms; ssh2's own maker breaks 1 of 256. */
export function newSshKeyPair(): { readonly private: string; readonly public: string } {
  const text = newOpensshKey();
  const key = ssh2.utils.parseKey(text);
  if (key instanceof Error) throw key;
  return { private: text, public: `ssh-ed25519 ${key.getPublicSSH().toString('base64')}` };
}
