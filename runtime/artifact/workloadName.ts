import { basename } from 'node:path';

/**
 * Name of the workload that a file becomes, and key of its artifact: the base name without dots, as `nex devrun` makes
 * it. Characters that Nex then refuses become dashes.
 */
export const workloadName = (file: string): string =>
  basename(file)
    .replaceAll('.', '')
    .replace(/[^A-Za-z0-9_-]/gu, '-');
