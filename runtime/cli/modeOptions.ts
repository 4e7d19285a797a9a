import { InvalidArgumentError, Option } from 'commander';
import { addAllowed, allowSyntax, type Allow } from '../protocol/allow.ts';
import {
  contextsSchema,
  modeSchema,
  type Contexts,
  type Mode,
  type WorkloadOptions,
} from '../protocol/workloadTypes.ts';

export interface ModeFlags {
  mode?: Mode;
  contexts?: Contexts;
  allow?: Allow;
}

/** The flags of every verb that deploys. */
export const modeOptions = (): Option[] => [
  new Option(
    '--mode <mode>',
    'faithful: Nex without its bugs (default); strict: with those that show in data, and a service without NATS_URL',
  ).choices(modeSchema.options),
  new Option(
    '--contexts <contexts>',
    'fresh: a context for each message (default); shared: one for all, faster, with state',
  ).choices(contextsSchema.options),
  new Option(
    '--allow <service=names>',
    `all that the function may reach of a host service (default: everything); repeatable: ${allowSyntax}`,
  ).argParser(parseAllow),
];

function parseAllow(word: string, earlier: Allow = {}): Allow {
  const allow = addAllowed(earlier, word);
  if (allow !== undefined) return allow;
  throw new InvalidArgumentError(`Write ${allowSyntax}.`);
}

export const toOptions = ({ mode, contexts, allow }: ModeFlags): WorkloadOptions => ({
  ...(mode === undefined ? {} : { mode }),
  ...(contexts === undefined ? {} : { contexts }),
  ...(allow === undefined ? {} : { allow }),
});
