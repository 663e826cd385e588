import { readdir, readFile, readlink } from 'node:fs/promises';

/**
 * `process <pid> (<command>)` that listens on a TCP port, if /proc shows it; else `undefined`.
 * @param address the one of IPv4 that it answers. @default - any
 */
export async function listenerOf(port: number, address?: string): Promise<string | undefined> {
  const tables = await Promise.all(
    ['/proc/net/tcp', '/proc/net/tcp6'].map((path) => readFile(path, 'utf8').catch(() => '')),
  );
  const inodes = listeningInodes(tables.join('\n'), port, address);
  if (inodes.size === 0) return undefined;
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    if (await holdsSocket(pid, inodes)) {
      const command = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => 'unknown');
      return `process ${pid} (${command.trim()})`;
    }
  }
  return undefined;
}

/**
 * Socket inodes that listen on `port`, from the text of `/proc/net/tcp`: the columns are separated
 * by blanks; the second is `<address>:<port in hex>`, the fourth the state (0A is LISTEN), the
 * tenth the inode.
 */
export function listeningInodes(
  table: string,
  port: number,
  address?: string,
): ReadonlySet<string> {
  const answering = address === undefined ? undefined : answeringAddresses(address);
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const rows = table.split('\n').map((line) => line.trim().split(/\s+/));
  return new Set(
    rows.flatMap((row) =>
      row[3] === '0A' &&
      row[1]?.endsWith(suffix) &&
      (answering?.has(row[1].slice(0, -suffix.length)) ?? true) &&
      row[9]
        ? [row[9]]
        : [],
    ),
  );
}

/** The addresses on which a listener answers `address`: itself, and all of a machine; bytes in reverse. */
function answeringAddresses(address: string): ReadonlySet<string> {
  const bytes = address.split('.').map((byte) => Number(byte).toString(16).padStart(2, '0'));
  const hex = bytes.reverse().join('').toUpperCase();
  const mapped = `0000000000000000FFFF0000`;
  return new Set([hex, '0'.repeat(8), '0'.repeat(32), `${mapped}${hex}`]);
}

async function holdsSocket(pid: string, inodes: ReadonlySet<string>): Promise<boolean> {
  const names = await readdir(`/proc/${pid}/fd`).catch(() => []);
  const links = await Promise.all(
    names.map((name) => readlink(`/proc/${pid}/fd/${name}`).catch(() => '')),
  );
  return links.some((link) => inodes.has(/^socket:\[(\d+)\]$/.exec(link)?.[1] ?? ''));
}
