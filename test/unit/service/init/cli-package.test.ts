import { describe, expect, test } from 'vitest';
import {
  type CliPackage,
  dependenciesOf,
  parseCliPackage,
} from '../../../../service/init/cli-package.js';
import { checkServiceName } from '../../../../service/init/service-name.js';
import { kitErrorOf } from '../../../support/kit-error-of.js';

describe('parseCliPackage', () => {
  test.each<[string, CliPackage['name'], string, number]>([
    ['1.6.3', 'prisma', '1.6.3', 6],
    ['prisma@1.20.7', 'prisma', '1.20.7', 20],
    ['1.34.10', 'prisma', '1.34.10', 34],
    ['1.34.12', 'prisma1', '1.34.12', 34],
    ['prisma@1.34.12', 'prisma1', '1.34.12', 34],
    ['prisma1@1.34.11', 'prisma1', '1.34.11', 34],
  ])('%s', (text, name, version, minor) => {
    expect(parseCliPackage(text)).toEqual({ name, version, minor });
  });

  test.each([
    ['1.6', 'Write all three numbers'],
    ['2.0.0', 'Write all three numbers'],
    ['latest', 'Write all three numbers'],
    ['1.6.3-beta.1', 'Write all three numbers'],
    ['prisma1@1.6.3', 'Write prisma@1.6.3'],
    ['1.4.2', 'Use 1.4.1'],
  ])('%s is rejected with a hint', async (text, hint) => {
    const error = await kitErrorOf(() => parseCliPackage(text));
    expect(error).toMatchObject({ code: 'cli-version-invalid', exitCode: 2 });
    expect(error.problems[0]?.hint).toContain(hint);
  });

  test('CLIs up to 1.8 need an undeclared dependency', () => {
    expect(dependenciesOf(parseCliPackage('1.8.3'))).toEqual({ mkdirp: '0.5.6', prisma: '1.8.3' });
    expect(dependenciesOf(parseCliPackage('1.34.12'))).toEqual({ prisma1: '1.34.12' });
  });
});

describe('checkServiceName', () => {
  test.each(['blog', 'Blog-2_x', 'a'.repeat(50)])('%s', (name) => {
    expect(() => checkServiceName(name)).not.toThrow();
  });

  test.each(['', '2blog', 'my blog', 'blog/dev', 'ä', 'a'.repeat(51), 'management', 'clusters'])(
    '%j is refused',
    (name) => {
      expect(() => checkServiceName(name)).toThrow(/^name: /);
    },
  );

  test('a path of the management API is refused with that reason', () => {
    const told = /'management' cannot be the name of a service: \/management is the path of the/;
    expect(() => checkServiceName('management')).toThrow(told);
    // Servers compare the letters as they are.
    expect(() => checkServiceName('Cluster')).not.toThrow();
  });
});
