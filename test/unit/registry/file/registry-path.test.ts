import { describe, expect, it } from 'vitest';
import { registryPath } from '../../../../registry/file/registry-path.js';

describe('registryPath', () => {
  it('is below the home directory on every platform', () => {
    expect(registryPath({ env: { HOME: '/home/ann' }, cwd: '/' })).toBe(
      '/home/ann/.prisma/config.yml',
    );
    expect(registryPath({ home: '/Users/ann', platform: 'darwin', cwd: '/' })).toBe(
      '/Users/ann/.prisma/config.yml',
    );
    expect(
      registryPath({ env: { USERPROFILE: 'C:\\Users\\Ann' }, platform: 'win32', cwd: 'C:\\' }),
    ).toBe('C:\\Users\\Ann\\.prisma\\config.yml');
    expect(
      registryPath({
        env: { HOMEDRIVE: 'D:', HOMEPATH: '\\Ann', HOME: '/c/ann' },
        platform: 'win32',
        cwd: 'C:\\',
      }),
    ).toBe('D:\\Ann\\.prisma\\config.yml');
  });

  it('follows the flag, then the environment, then the home directory', () => {
    const env = { HOME: '/home/ann', CLUSTERKIT_REGISTRY: '/etc/registry.yml' };
    expect(registryPath({ flag: 'mine.yml', env, cwd: '/project' })).toBe('/project/mine.yml');
    expect(registryPath({ flag: undefined, env, cwd: '/work' })).toBe('/etc/registry.yml');
    expect(registryPath({ flag: '\\\\nas\\home\\r.yml', platform: 'win32', cwd: 'C:\\' })).toBe(
      '\\\\nas\\home\\r.yml',
    );
  });

  it.each([[{}], [{ HOME: '' }]])('fails without any home directory (%o)', (env) => {
    expect(() => registryPath({ env })).toThrow(
      expect.objectContaining({ code: 'home-missing', exitCode: 3 }),
    );
    expect(() => registryPath({ env, platform: 'win32', cwd: 'C:\\' })).toThrow('USERPROFILE');
  });
});
