import { Argument, type Command } from 'commander';
import { readKeys } from '../client/keys.ts';
import { onNode } from '../client/onNode.ts';
import { print, printJson } from './output.ts';
import { parseToken } from './parseArguments.ts';
import { createVerb, withConnection, type VerbOptions } from './verb.ts';

export function createLameduckCommand(): Command {
  const example = 'nexdev lameduck <node id>';
  return createVerb('lameduck', 'Let a node take no new workloads, for good', example)
    .addArgument(new Argument('<node>', 'id of the node').argParser(parseToken('A node id')))
    .action(enterLameDuck);
}

async function enterLameDuck(nodeId: string, options: VerbOptions): Promise<void> {
  const { issuer } = await readKeys();
  await withConnection(options, async (connection) => {
    const reply = await onNode(connection, nodeId, (control) => control.lameDuck(nodeId, issuer));
    if (options.json) printJson(reply);
    else print(`Command to enter lame duck mode issued to ${nodeId}`);
  });
}
