import { Command } from 'commander';
import { createNodeInfoCommand } from './nodeInfo.ts';
import { createNodeLsCommand } from './nodeLs.ts';

export function createNodeCommand(): Command {
  return new Command('node')
    .description('Look at nodes')
    .addCommand(createNodeLsCommand())
    .addCommand(createNodeInfoCommand());
}
