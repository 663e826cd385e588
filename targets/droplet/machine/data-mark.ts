import { type RemoteShell, runStep } from '../../../clients/ssh/remote-shell.js';

/** Prints an existing mark; otherwise writes it. */
const MARK = `
file=$1/clusterkit-layout
[ -s "$file" ] || { printf '%s' "$2" >"$file.part" && mv "$file.part" "$file" && sync "$file" "$1"; }
cat "$file"`;

/**
 * The layout of the data on a droplet, from the mark beside the data, which stays with a kept volume. Writes
 * `layout` when there is no mark.
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
    what: 'marking the layout of the data',
    script: MARK,
    args: [directory, layout],
    timeoutMs: 30_000,
    signal,
  });
  return said.trim();
}
