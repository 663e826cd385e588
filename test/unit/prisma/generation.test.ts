import { describe, expect, test } from 'vitest';
import { generationOf, requireGeneration, versionOfImage } from '../../../prisma/generation.js';
import { kitErrorOf } from '../../support/kit-error-of.js';

test.each([
  ['1.0', 'A'],
  ['1.6.3', 'A'],
  ['1.7', 'B'],
  ['1.8.3-clusterkit.0.1.0', 'B'],
  ['1.26.1', 'B'],
  ['1.27', 'C'],
  ['1.34.12', 'C'],
  ['1.8+build', 'B'],
  ['0.9', undefined],
  ['2.0', undefined],
  ['1', undefined],
  ['1.x', undefined],
  ['1.8x', undefined],
  ['latest', undefined],
  ['', undefined],
])('generationOf(%j) is %s', (version, generation) => {
  expect(generationOf(version)).toBe(generation);
});

test.each([
  ['prismagraphql/prisma:1.8', '1.8'],
  ['prismagraphql/prisma:1.34.12-heroku', '1.34.12-heroku'],
  ['localhost:5000/prisma:1.14', '1.14'],
  ['localhost:5000/prisma', undefined],
  ['prismagraphql/prisma', undefined],
  ['prismagraphql/prisma:latest', undefined],
  ['prismagraphql/prisma:1', undefined],
  ['prismagraphql/prisma@sha256:0123', undefined],
  ['prismagraphql/prisma:1.8@sha256:0123', undefined],
])('versionOfImage(%j) is %s', (image, version) => {
  expect(versionOfImage(image)).toBe(version);
});

describe('requireGeneration', () => {
  test('gives the generation', () => expect(requireGeneration('1.8')).toBe('B'));

  test('fails at what is none of Prisma 1', async () => {
    const error = await kitErrorOf(() => requireGeneration('2.0'));
    expect(error).toMatchObject({ code: 'version-unknown', exitCode: 2 });
    expect(error.message).toContain("'2.0'");
  });
});
