import { type RemoteShell, runStep } from '../../../clients/ssh/remote-shell.js';

/** What the mark says is left alone; without one it says from now on what it is given. */
const MARK = `
file=$1/clusterkit-layout
[ -s "$file" ] || { printf '%s' "$2" >"$file.part" && mv "$file.part" "$file" && sync "$file" "$1"; }
cat "$file"`;

/**
 * What the data on a droplet is of: the mark beside it, which stays with a volume that is kept. Where
 * there is none, it becomes `layout`.
 *
 * @param directory on the disk where the data is
 * @throws KitError `droplet-step-failed` (exit 3)
 */
export async function markData(
  shell: RemoteShell,
  directory: string,
  layout: string,
  signal?: AbortSignal,
): Promise<string> {
  const said = await runStep(shell, {
    what: 'marking what the data is of',
    script: MARK,
    args: [directory, layout],
    timeoutMs: 30_000,
    signal,
  });
  return said.trim();
}
