/** An operating system and a processor by their Go names, as nodes have them in their tags. */
export interface Platform {
  readonly os: string;
  readonly arch: string;
}

const goNames: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386', win32: 'windows' };

export const thisPlatform: Platform = {
  os: goNames[process.platform] ?? process.platform,
  arch: goNames[process.arch] ?? process.arch,
};

/**
 * What an executable was built for, by its header: ELF, PE or 64-bit Mach-O, the formats that Nex knows
 * (`nex/bin_validator.go`). Undefined for anything else, scripts among it.
 */
export function executablePlatform(bytes: Uint8Array): Platform | undefined {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 4096));
  if (view.length < 64) return undefined;
  if (view.readUInt32BE(0) === 0x7f454c46) {
    return { os: 'linux', arch: named(elfMachines, view.readUInt16LE(18)) };
  }
  if (view.readUInt32LE(0) === 0xfeedfacf) {
    return { os: 'darwin', arch: named(machMachines, view.readUInt32LE(4)) };
  }
  if (view.readUInt16BE(0) !== 0x4d5a) return undefined;
  const header = view.readUInt32LE(60);
  return header + 6 > view.length
    ? undefined
    : { os: 'windows', arch: named(peMachines, view.readUInt16LE(header + 4)) };
}

const elfMachines: Readonly<Record<number, string>> = {
  3: '386',
  40: 'arm',
  62: 'amd64',
  183: 'arm64',
};
const machMachines: Readonly<Record<number, string>> = { 0x01000007: 'amd64', 0x0100000c: 'arm64' };
const peMachines: Readonly<Record<number, string>> = {
  0x14c: '386',
  0x8664: 'amd64',
  0xaa64: 'arm64',
};

const named = (machines: Readonly<Record<number, string>>, machine: number) =>
  machines[machine] ?? `machine ${machine}`;

/** Whether a machine runs such executables: its own, 32-bit ones, and what macOS and Windows translate. */
export const runsOn = ({ os, arch }: Platform, machine: Platform): boolean =>
  os === machine.os &&
  (arch === machine.arch || arch === '386' || os === 'darwin' || os === 'windows');

export const platformText = ({ os, arch }: Platform): string => `${os}/${arch}`;
