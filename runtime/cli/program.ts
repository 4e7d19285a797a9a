import { Command } from 'commander';
import { devService } from '../protocol/devApi.ts';
import { createDevrunCommand } from './devrun.ts';
import { createLogsCommand } from './logs.ts';
import { createNodeCommand } from './node.ts';
import { createReplayCommand } from './replay.ts';
import { createReqCommand } from './req.ts';
import { createStopCommand } from './stop.ts';
import { createUpCommand } from './up.ts';

/** The whole command line: one file per verb. */
export const createProgram = (): Command =>
  new Command('nexdev')
    .description('Run, debug and replay Nex functions on this machine.')
    .version(devService.version)
    .showHelpAfterError('(nexdev --help shows what there is)')
    .addCommand(createUpCommand())
    .addCommand(createDevrunCommand())
    .addCommand(createStopCommand())
    .addCommand(createNodeCommand())
    .addCommand(createLogsCommand())
    .addCommand(createReqCommand())
    .addCommand(createReplayCommand());
