import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { externalLogin } from '../../../external-database/read-login.js';
import { TestAuthority } from '../../support/certificates.js';
import { kitErrorOf } from '../../support/kit-error-of.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

const PLACE = { host: 'db', port: 5432, user: 'u', database: 'd', ssl: 'verify-full' } as const;

async function files() {
  const directory = await temporaryDirectory();
  const write = async (name: string, text: string, mode = 0o600) => {
    await writeFile(join(directory, name), text);
    await chmod(join(directory, name), mode);
    return join(directory, name);
  };
  return { directory, write };
}

describe('the login to an external database', () => {
  it('is read from files, without the line break at their end', async () => {
    const { write } = await files();
    const { certificate } = await TestAuthority.create();
    const file = await write('pw', ' with spaces \n', 0o640);
    const external = { ...PLACE, password: { file }, caFile: await write('ca', certificate) };
    const { password, ...login } = await externalLogin(external, 'postgres', {});
    expect(password.reveal()).toBe(' with spaces ');
    expect(login).toEqual({ ...PLACE, connector: 'postgres', ca: certificate });
  });

  it('or from the environment', async () => {
    const external = { ...PLACE, password: { env: 'PW' } };
    const { password } = await externalLogin(external, 'mysql', { PW: 'secret\n' });
    expect(password.reveal()).toBe('secret');
  });

  it('tells all that is wrong at once, and no password', async () => {
    const { write, directory } = await files();
    const broken = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
    const cases: [object, (string | RegExp)[]][] = [
      [{ password: { env: 'PW' } }, ['PW', /is not set/]],
      [{ password: { file: await write('open', 'tell-tale', 0o644) } }, ['open', /mode 644/]],
      [{ password: { file: directory } }, [/^/, /is a directory/]],
      [{ password: { file: await write('empty', '\n') } }, ['empty', /is empty/]],
      [{ password: { file: await write('two', 'tell-tale\nb\n') } }, ['two', /several lines/]],
      [
        { password: { file: join(directory, 'none') }, caFile: join(directory, 'no-ca') },
        ['none', /cannot be read: ENOENT/, 'no-ca', /authority cannot be read: ENOENT/],
      ],
      [
        { password: { env: 'PW' }, caFile: await write('bad-ca', broken) },
        ['PW', /is not set/, 'bad-ca', /certificate that cannot be read/],
      ],
      [
        { password: { env: 'PW' }, caFile: await write('key', '-----BEGIN PRIVATE KEY-----') },
        ['PW', /is not set/, 'key', /holds a private key/],
      ],
    ];
    for (const [different, expected] of cases) {
      const external = { ...PLACE, password: { env: 'PW' }, ...different };
      const error = await kitErrorOf(() => externalLogin(external, 'postgres', {}));
      expect(error).toMatchObject({ code: 'database-login-unusable', exitCode: 2 });
      const told = error.problems.flatMap(({ path = '', message }) => [path, message]);
      expect(told).toHaveLength(expected.length);
      for (const [i, each] of expected.entries()) {
        expect(told[i]).toMatch(each instanceof RegExp ? each : new RegExp(`${each}$`));
      }
      expect(error.message).not.toContain('tell-tale');
    }
  });
});
