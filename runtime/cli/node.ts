import { Command } from 'commander';
import { createNodeInfoCommand } from './nodeInfo.ts';
import { createNodeLsCommand } from './nodeLs.ts';
import { createNodeProbeCommand } from './nodeProbe.ts';

export function createNodeCommand(): Command {
  return new Command('node')
    .description('Look at nodes')
    .addCommand(createNodeLsCommand())
    .addCommand(createNodeInfoCommand())
    .addCommand(createNodeProbeCommand());
}
