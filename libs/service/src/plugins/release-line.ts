const VERSION = /^(\d+)\.(\d+)\.\d+(?:-[\w.-]+)?$/;

/** What of a version has to be equal for two packages to fit: the major version; before 1.0, the minor version too. */
export function releaseLine(version: string): string | undefined {
  const [, major, minor] = VERSION.exec(version) ?? [];
  return major === '0' ? `0.${minor}` : major;
}
