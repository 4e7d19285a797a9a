import { readFile } from 'node:fs/promises';

/** `memory` of an INFO reply in kB; undefined where the system has no `/proc/meminfo`. */
export async function readMemory() {
  try {
    const text = await readFile('/proc/meminfo', 'utf8');
    const field = (name: string) =>
      Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0);
    return { total: field('MemTotal'), free: field('MemFree'), available: field('MemAvailable') };
  } catch {
    return undefined;
  }
}
