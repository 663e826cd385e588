/** Where the first boot of a droplet stands. */
export type FirstBoot = { readonly stage: 'done' } | { readonly stage: 'running' } | FirstBootEnd;

/** How it ended badly. */
export interface FirstBootEnd {
  readonly stage: 'failed' | 'cut';
  readonly detail: string;
}

/**
 * Reads `marker=…`, `failure=…` and what `cloud-init status --long` prints. The marker is the last
 * thing that the first boot writes, so it alone tells that all went well; a failing step of our own
 * is told before cloud-init has ended.
 */
export function readFirstBoot(text: string, marker?: string): FirstBoot {
  const failure = /^failure=(.*)$/m.exec(text)?.[1]?.trim() ?? '';
  const found = /^marker=(.*)$/m.exec(text)?.[1]?.trim() ?? '';
  const status = /^status:\s*(.+)$/m.exec(text)?.[1]?.trim();
  if (failure !== '') return { stage: 'failed', detail: failure };
  if (status === 'running' || status?.startsWith('not ')) return { stage: 'running' };
  if (found !== '' && found === (marker ?? found)) return { stage: 'done' };
  if (status === 'done' || status === 'degraded') {
    const why =
      found === '' ? 'its last step never ran' : `its marker is '${found}', not '${marker}'`;
    return { stage: 'cut', detail: `cloud-init says ${status}, but ${why}` };
  }
  return { stage: 'failed', detail: `cloud-init says: ${detailOf(text)}` };
}

const detailOf = (text: string) =>
  text
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^(marker|failure)=/.test(line))
    .join('; ');
