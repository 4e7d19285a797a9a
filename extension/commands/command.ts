import type { Services } from '../services.ts';

/** What a command does; what it resolves with goes to whoever executed it. Throws errors meant for a person. */
export type Command = (services: Services, ...args: readonly unknown[]) => unknown;
