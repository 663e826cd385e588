import { expect, test } from 'vitest';
import { baseImages } from '../../../../apps/build/base-images.js';

test.each([
  ['FROM node:22', ['node:22']],
  ['# comment\nfrom  node:22  as build\nFROM build\nCOPY --from=build /a /b', ['node:22']],
  ['FROM --platform=linux/amd64 ghcr.example/a/b@sha256:1 AS x', ['ghcr.example/a/b@sha256:1']],
  ['ARG V=22\nARG NAME="node"\nFROM $' + '{NAME}:$V\nARG V=3', ['node:22']],
  ['FROM $' + '{BASE:-debian:12}', ['debian:12']],
  ['ARG BASE\nFROM $BASE', []],
  ['FROM scratch\nCOPY --chown=1:1 --from=nginx:1 /a /b\nCOPY --from=0 /a /b', ['nginx:1']],
  ['FROM \\\n  # which one\n  node:22 \\\n  AS a', ['node:22']],
  ['FROM a\nRUN echo FROM b', ['a']],
])('%j', (dockerfile, images) => {
  expect(baseImages(dockerfile)).toEqual(images);
});
