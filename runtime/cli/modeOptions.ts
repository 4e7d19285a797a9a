import { Option } from 'commander';
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
];

export const toOptions = ({ mode, contexts }: ModeFlags): WorkloadOptions => ({
  ...(mode === undefined ? {} : { mode }),
  ...(contexts === undefined ? {} : { contexts }),
});
