import { Command } from 'commander';
import { connectionOptions, takeBeforeVerb } from './connectionOptions.ts';
import { createNodeInfoCommand } from './nodeInfo.ts';
import { createNodeLsCommand } from './nodeLs.ts';
import { createNodeProbeCommand } from './nodeProbe.ts';
import { jsonOption } from './verb.ts';

export function createNodeCommand(): Command {
  return takeBeforeVerb(new Command('node'), [...connectionOptions(), jsonOption()])
    .description('Look at nodes')
    .addCommand(createNodeLsCommand())
    .addCommand(createNodeInfoCommand())
    .addCommand(createNodeProbeCommand());
}
