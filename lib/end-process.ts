/**
 * Ends this process with its exit code, once its output is written: sockets, timers and locks that are
 * still waited for keep it no longer.
 * @param last runs when everything is written, and may still change the exit code
 */
export async function endProcess(last: () => void = () => {}): Promise<never> {
  const written = () => Promise.all([process.stdout, process.stderr].map(flushed));
  await written();
  last();
  await written();
  process.exit();
}

/** A stream that failed or lost its reader counts as written. */
const flushed = (stream: NodeJS.WritableStream): Promise<void> =>
  new Promise((resolve) => {
    if (!stream.writable) resolve();
    else stream.write('', () => resolve());
  });
