import { Option, type Command } from 'commander';
import type { UpLine } from '../protocol/cliLines.ts';
import { aborted, interruptSignal } from './interrupt.ts';
import { print, printJson, printNotice } from './output.ts';
import { parseIssuers, parsePort } from './parseArguments.ts';
import { runNode, type NodeFlags, type NodeRun } from './runNode.ts';
import { createVerb } from './verb.ts';

interface UpOptions extends NodeFlags {
  leased?: true;
  progressJson?: true;
}

export function createUpCommand(): Command {
  const verb = createVerb(
    'up',
    'Start a nats-server and a node on it, or (--server) a node on a NATS that runs',
    'nexdev up --port 0',
  );
  return addNodeOptions(verb)
    .option('--config <file>', 'node configuration file, with the fields of Nex 0.3')
    .addOption(new Option('--leased', 'end when nobody holds the node any more').hideHelp())
    .addOption(new Option('--progress-json', 'print progress as JSON lines').hideHelp())
    .action(up);
}

/** The flags of a verb that can start a server and a node. */
export const addNodeOptions = (command: Command): Command =>
  command
    .option(
      '--port <port>',
      'port of the server; 0: any free one (default: 4222, or a free one where that is taken)',
      parsePort,
    )
    .option('--store-dir <directory>', 'where the server keeps its streams')
    .option('--nats-server <path>', 'the nats-server program to use')
    .option('--node-name <name>', 'name of the node')
    .option('--allow-native', 'run native services also on a NATS that is joined')
    .option(
      '--allow-issuer <key>',
      'public key (A…) of somebody else who may deploy to this node; repeatable',
      parseIssuers,
    );

async function up(options: UpOptions): Promise<void> {
  const signal = interruptSignal();
  const onProgress = (text: string) => {
    if (options.progressJson) printLine({ event: 'progress', text });
    else if (!options.json) printNotice(text);
  };
  const startedBy = options.leased === true ? 'lease' : 'terminal';
  const onNotice = (text: string) => {
    if (options.json) printLine({ event: 'notice', text });
    else printNotice(text);
  };
  const run = await runNode(options, startedBy, { onProgress, onNotice, signal });
  for (const failure of run.node.failures) onNotice(failure);
  announce(run, options);
  void aborted(signal).then(() => run.stop());
  const reason = await run.ended;
  if (!options.json) print(`The node has ended: ${reason}.`);
}

function announce({ node, server }: NodeRun, { json }: UpOptions): void {
  if (json) {
    printLine({ event: 'ready', url: node.url, node: node.nodeId });
    return;
  }
  if (server !== undefined) {
    const found = server.reused ? 'found running' : 'started';
    print(`nats-server ${server.version} ${found}, store in ${server.storeDirectory}`);
  }
  print(`Node ${node.nodeId} is ready on ${node.url}. Ctrl-C ends it.`);
  print('Deploy a function: nexdev devrun FILE --trigger_subject=SUBJECT');
}

const printLine = (line: UpLine) => printJson(line);
