import type Docker from 'dockerode';

/**
 * Reads an engine's progress stream to its end; lines of text go to `output`.
 * @throws Error with the engine's own message when the stream reports a failure
 */
export function follow(
  docker: Docker,
  stream: NodeJS.ReadableStream,
  output: (line: string) => void = () => {},
): Promise<void> {
  return new Promise((resolve, reject) => {
    let failure: string | undefined;
    docker.modem.followProgress(
      stream,
      (error) => {
        if (error) reject(error);
        else if (failure !== undefined) reject(new Error(failure));
        else resolve();
      },
      (event: { stream?: string; status?: string; error?: string }) => {
        failure ??= event.error;
        for (const line of (event.stream ?? event.status ?? '').split('\n')) {
          if (line.trim() !== '') output(line.trimEnd());
        }
      },
    );
  });
}
