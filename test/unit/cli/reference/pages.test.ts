import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { generatedPages } from '../../../../cli/reference/pages.js';

test.each(Object.entries(generatedPages()))(
  'docs/reference/%s is what the program says; `npm run docs` writes it',
  async (name, text) => {
    expect(await readFile(`docs/reference/${name}`, 'utf8')).toBe(text);
  },
);
