import { Command } from 'commander';
import { devService } from '../protocol/devApi.ts';
import { createBuildCommand } from './build.ts';
import { connectionOptions, takeBeforeVerb } from './connectionOptions.ts';
import { createDevrunCommand } from './devrun.ts';
import { createEventsCommand } from './events.ts';
import { createLameduckCommand } from './lameduck.ts';
import { createLogsCommand } from './logs.ts';
import { createNodeCommand } from './node.ts';
import { createReplayCommand } from './replay.ts';
import { createReqCommand } from './req.ts';
import { createRunCommand } from './run.ts';
import { createStopCommand } from './stop.ts';
import { createUpCommand } from './up.ts';
import { throwUsageErrors } from './usageErrors.ts';
import { jsonOption } from './verb.ts';

/** The whole command line: one file per verb. */
export const createProgram = (): Command =>
  throwUsageErrors(
    takeBeforeVerb(new Command('nexdev'), [...connectionOptions(), jsonOption()])
      .description('Run, debug and replay Nex functions on this machine.')
      .version(devService.version)
      .addCommand(createUpCommand())
      .addCommand(createDevrunCommand())
      .addCommand(createBuildCommand())
      .addCommand(createRunCommand())
      .addCommand(createStopCommand())
      .addCommand(createNodeCommand())
      .addCommand(createLameduckCommand())
      .addCommand(createLogsCommand())
      .addCommand(createEventsCommand())
      .addCommand(createReqCommand())
      .addCommand(createReplayCommand()),
  );
