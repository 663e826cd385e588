import { type BuildOutput, isFrom } from '../../clients/docker/build-output.js';
import { pullHint } from '../../clients/docker/find-image.js';
import { diskFull, isDiskFull } from '../../lib/disk-full.js';
import { environmentError, type KitError, usageError } from '../../lib/errors.js';
import { baseImages } from './base-images.js';

/** What the engine's builder says to instructions that only BuildKit has. */
const BUILDKIT_ONLY = /requires? BuildKit|unknown flag|unknown instruction: .*<</i;

/** Here-documents: their lines look like instructions to the builder. */
const HERE_DOCUMENT = /^\s*(RUN|COPY|ADD)\b[^\n]*<<-?["']?\w+/im;

/** The error of a failed build, with what its reader can do. @param path of what was built */
export function buildFailure(
  path: string,
  dockerfile: string,
  output: BuildOutput,
  cause: unknown,
): KitError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const step = output.lastStep();
  const lines = output.tail();
  if (isDiskFull(reason) || lines.some(isDiskFull))
    return diskFull('disk of the Docker engine', cause);
  const isHereDocument = /unknown instruction/i.test(reason) && HERE_DOCUMENT.test(dockerfile);
  if (BUILDKIT_ONLY.test(reason) || isHereDocument) {
    return usageError('app-build-needs-buildkit', {
      path,
      message: `the Dockerfile uses what only BuildKit has, and the engine’s API builds without: ${reason}`,
      hint: 'Write it without; or build with `docker build -t NAME .` and use `image: NAME` in place of `build:`.',
      cause,
    });
  }
  if (step !== undefined && isFrom(step)) {
    const image = baseImages(step)[0] ?? step;
    return environmentError('image-missing', {
      path,
      message: `the engine does not have the base image ${image} and cannot pull it: ${reason}`,
      hint: pullHint(image, undefined),
      cause,
    });
  }
  const at = step === undefined ? '' : ` at \`${step}\``;
  const exit = /returned a non-zero code: (\d+)$/.exec(reason)?.[1];
  return environmentError('app-build-failed', {
    path,
    message: [
      `the build fails${at}: ${exit === undefined ? reason : `exit code ${exit}`}`,
      ...lines.map((line) => `  | ${line}`),
    ].join('\n'),
    hint: 'Correct it and run the command again: steps that worked are not repeated. What runs goes on.',
    cause,
  });
}
