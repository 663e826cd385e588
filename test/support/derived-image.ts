import { randomBytes } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { engine } from './engine-traces.js';

/**
 * An image like `base` with other instructions (`ENV …`, `ENTRYPOINT …`), gone when the running test
 * ends. Call it before what uses it is made, so that it is removed after that.
 */
export async function derivedImage(base: string, changes: readonly string[]): Promise<string> {
  const name = `ck-test-${randomBytes(4).toString('hex')}`;
  const image = `${name}:15`;
  onTestFinished(async () => {
    await engine
      .getImage(image)
      .remove({ force: true })
      .catch(() => undefined);
  });
  const container = await engine.createContainer({ name, Image: base });
  try {
    await container.commit({ repo: name, tag: '15', changes: changes.join('\n') });
  } finally {
    await container.remove({ force: true, v: true });
  }
  return image;
}
