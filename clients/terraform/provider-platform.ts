const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386' };

/** Go's name of a platform, such as `linux_amd64`, which provider packages use. */
export const providerPlatform = (platform: NodeJS.Platform, arch: string) =>
  `${platform === 'win32' ? 'windows' : platform}_${ARCHITECTURES[arch] ?? arch}`;
