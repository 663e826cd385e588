import { access } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import {
  BUNDLED_EDGE,
  BUNDLED_FUNCTIONS,
  BUNDLED_GATEWAY,
  BUNDLED_POOL,
  BUNDLED_PROXY,
  isBundled,
} from '../../../cluster/bundled-images.js';

import { bundledImages } from '../../../setup/image-spec.js';

const images = bundledImages(process.cwd(), '0.1.0');

describe('bundledImages', () => {
  test('what settings take by default is made', () => {
    const tags = images.map(({ tag }) => tag);
    expect(tags).toEqual(
      expect.arrayContaining([
        BUNDLED_FUNCTIONS,
        BUNDLED_GATEWAY,
        BUNDLED_PROXY,
        BUNDLED_EDGE,
        BUNDLED_POOL,
      ]),
    );
    expect(tags.every(isBundled)).toBe(true);
    expect(new Set(tags).size).toBe(tags.length);
  });

  test.each(['caddy', 'haproxy'])(
    '%s is made of its Dockerfile and what asks for its health',
    async (own) => {
      const { files } = images.find(({ name }) => name === own) ?? {
        files: {} as Record<string, string>,
      };
      expect(Object.keys(files)).toEqual(['Dockerfile', 'ask.sh']);
      for (const path of Object.values(files)) await access(path);
    },
  );
});
