import { randomBytes } from 'node:crypto';
import type ssh2 from 'ssh2';
import type { Secret } from '../../lib/secret.js';

/** Writes a file over sftp: first to a draft beside it, with mode 0600 from the first byte on. */
export async function uploadFile(
  sftp: ssh2.SFTPWrapper,
  path: string,
  content: Secret,
): Promise<void> {
  const draft = `${path}.${randomBytes(4).toString('hex')}`;
  const bytes = Buffer.from(content.reveal());
  const handle = await asked<Buffer>((done) => sftp.open(draft, 'wx', { mode: 0o600 }, done));
  try {
    try {
      await asked((done) => sftp.write(handle, bytes, 0, bytes.length, 0, done));
      await asked((done) => sftp.ext_openssh_fsync(handle, done));
    } finally {
      await asked((done) => sftp.close(handle, done));
    }
    // The plain rename of sftp fails when the target exists.
    await asked((done) => sftp.ext_openssh_rename(draft, path, done));
  } catch (error) {
    await asked((done) => sftp.unlink(draft, done)).catch(() => undefined);
    throw error;
  }
}

function asked<T = unknown>(
  ask: (done: (error: Error | null | undefined, value?: T) => void) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    ask((error, value) => (error ? reject(error) : resolve(value as T)));
  });
}
