/** The fields of `/etc/os-release` that setup uses. */
export interface LinuxRelease {
  /** Such as `debian`, `ubuntu`, `fedora`; `linux` when it is not given. */
  readonly id: string;
  /** Such as `bookworm`; empty when it is not given. */
  readonly codename: string;
  /** For messages, such as `Debian GNU/Linux 12 (bookworm)`. */
  readonly prettyName: string;
  /** Whether `apt-get` has the packages that setup installs. */
  readonly hasDebianPackages: boolean;
}

/** Reads the text of `/etc/os-release`. */
export function parseLinuxRelease(text: string): LinuxRelease {
  const fields = new Map(
    text
      .split('\n')
      .map((line) => /^([A-Z_]+)=(?:"(.*)"|'(.*)'|(.*))$/.exec(line.trim()))
      .flatMap((match) =>
        match?.[1] === undefined ? [] : [[match[1], match[2] ?? match[3] ?? match[4] ?? '']],
      ) as [string, string][],
  );
  const id = fields.get('ID') ?? 'linux';
  return {
    id,
    codename: fields.get('VERSION_CODENAME') ?? '',
    prettyName: fields.get('PRETTY_NAME') ?? id,
    hasDebianPackages: id === 'debian' || id === 'ubuntu',
  };
}
