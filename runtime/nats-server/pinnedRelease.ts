/** Oldest server that is accepted from PATH or a setting: below it the JetStream client misses `filter_subjects`. */
export const minimumVersion = '2.10.0';

/** The release that is built or downloaded where none is found; the same version as in tools/nats-server/go.mod. */
export const pinnedVersion = '2.14.5';

export interface ReleaseArchive {
  /** File name on the release's download page; the binary lies in a folder of the same name without the ending. */
  file: string;
  /** Lower-case hex SHA-256, from the release's own SHA256SUMS. */
  sha256: string;
}

/** By `process.platform` and `process.arch`. windows-arm64 is missing here: it is built with Go or not at all. */
const archives: Readonly<Record<string, ReleaseArchive>> = {
  'linux-x64': {
    file: 'nats-server-v2.14.5-linux-amd64.tar.gz',
    sha256: '5e3b603d47c447bda1f77f9ac16dbf91c90aac4ff3681f8fbbc7201e4ed99355',
  },
  'linux-arm64': {
    file: 'nats-server-v2.14.5-linux-arm64.tar.gz',
    sha256: '673a98d3faa79dde3f9ebf16d6dfac36a5f694e7ad2015e4954dd7939c85cd4c',
  },
  'darwin-x64': {
    file: 'nats-server-v2.14.5-darwin-amd64.tar.gz',
    sha256: 'f95c98d6b6ed2b63c5681b46b092c9585c99767d547cf495730c329234625e96',
  },
  'darwin-arm64': {
    file: 'nats-server-v2.14.5-darwin-arm64.tar.gz',
    sha256: 'ddd907854d9a2de834af133fa396915fe6442fe6d8909ae31390d1ea7a0fea50',
  },
  'win32-x64': {
    file: 'nats-server-v2.14.5-windows-amd64.zip',
    sha256: 'f66f840a211ab665083b88e9b7edbcf6296cda143be47e53e6f6bb8520692bbb',
  },
};

export const releaseArchive = (platform: string, arch: string): ReleaseArchive | undefined =>
  archives[`${platform}-${arch}`];

export const releasePage = `https://github.com/nats-io/nats-server/releases/download/v${pinnedVersion}`;

export const executableName = process.platform === 'win32' ? 'nats-server.exe' : 'nats-server';
