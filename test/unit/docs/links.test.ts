import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';

const CODE = /^```[\s\S]*?^```|`[^`\n]*`/gm;
const LINK = /\]\(([^)\s]+)\)/g;

/** A heading as the end of a link names it. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

const headingsOf = (page: string) =>
  [...page.replace(/^```[\s\S]*?^```/gm, '').matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    anchorOf(heading),
  );

/** Whether a page leads where it says. @param from file that has the link */
async function leads(from: string, link: string): Promise<boolean> {
  const [path = '', anchor] = link.split('#');
  const file = path === '' ? from : join(dirname(from), path);
  if (!existsSync(file)) return false;
  return anchor === undefined || headingsOf(await readFile(file, 'utf8')).includes(anchor);
}

test('links between pages lead to files and headings that there are', async () => {
  const { stdout } = await execa('git', ['ls-files', '*.md']);
  const dead: string[] = [];
  let count = 0;
  for (const page of stdout.split('\n').filter(existsSync)) {
    const text = (await readFile(page, 'utf8')).replace(CODE, '');
    const links = [...text.matchAll(LINK)].map(([, link = '']) => link);
    for (const link of links.filter((each) => !/^[a-z]+:/.test(each))) {
      count += 1;
      if (!(await leads(page, link))) dead.push(`${page}: ${link}`);
    }
  }
  expect(dead).toEqual([]);
  expect(count).toBeGreaterThan(100);
});
