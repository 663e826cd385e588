/** Progress of a droplet's first boot. */
export type FirstBoot = { readonly stage: 'done' } | { readonly stage: 'running' } | FirstBootEnd;

/** A failure of the first boot. */
export interface FirstBootEnd {
  readonly stage: 'failed' | 'cut';
  readonly detail: string;
}

/**
 * Reads `marker=…`, `failure=…` and the output of `cloud-init status --long`. The first boot writes the
 * marker last, so only the marker shows success. A failed step of the kit's own is known before cloud-init
 * has ended.
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
