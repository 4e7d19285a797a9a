import { Argument, Option, type Command } from 'commander';
import { workloadName } from '../artifact/workloadName.ts';
import { checkSubjects } from '../client/devrun.ts';
import { parseLocation, runWorkload } from '../client/runWorkload.ts';
import { NexError } from '../protocol/nexError.ts';
import { workloadTypes, type WorkloadType } from '../protocol/workloadTypes.ts';
import { acceptedText } from './accept.ts';
import {
  hostServicesOptions,
  toHostServices,
  type HostServicesFlags,
} from './hostServicesOptions.ts';
import { readIssuer, readPublisher } from './keyFiles.ts';
import { namespaceOption } from './namespaceOption.ts';
import { print, printJson, printNotice } from './output.ts';
import { collect, parseEnvironment, parseToken } from './parseArguments.ts';
import { createVerb, withConnection, type VerbOptions } from './verb.ts';

interface RunFlags extends VerbOptions, HostServicesFlags {
  namespace: string;
  name?: string;
  type?: WorkloadType;
  description: string;
  argv?: string;
  essential?: true;
  trigger_subject?: string[];
  xkey?: string;
  issuer?: string;
}

export function createRunCommand(): Command {
  const example =
    'nexdev run nats://NEXCLIFILES/echojs <node id> --type v8 --trigger_subject=echo\n' +
    'nexdev run nats://MYBUCKET/echo <node id> --name echo GREETING=hello --argv "-v 2"';
  const verb = createVerb('run', 'Deploy what is in an object store already', example)
    .argument('<url>', 'nats://BUCKET/NAME of the artifact')
    .addArgument(new Argument('<node>', 'id of the node').argParser(parseToken('A node id')))
    .argument('[environment...]', 'environment variables, KEY=VALUE')
    .option('--name <name>', 'name of the workload (default: that of the artifact)')
    .addOption(new Option('--type <type>', 'type of the workload').choices(workloadTypes))
    .option('--description <text>', 'what it is', '')
    .option('--argv <arguments>', 'arguments of a service, separated by spaces')
    .option('--essential', 'start a service again when it ends with another exit code than 0')
    .option('--trigger_subject <subject>', 'subject that triggers it; repeatable', collect)
    .option('--xkey <file>', 'seed of the curve key that seals (default: ~/.nex/publisher.xk)')
    .option('--issuer <file>', 'seed of the account key that signs (default: ~/.nex/issuer.nk)')
    .addOption(namespaceOption());
  hostServicesOptions().forEach((option) => verb.addOption(option));
  return verb.action(run);
}

async function run(url: string, nodeId: string, pairs: string[], flags: RunFlags): Promise<void> {
  const { namespace, description, trigger_subject: triggerSubjects = [] } = flags;
  const location = parseLocation(url);
  const env = parseEnvironment(pairs);
  const type = flags.type ?? serviceType(triggerSubjects);
  checkSubjects(type, { triggerSubjects });
  const hostServices = toHostServices(flags);
  const keys = {
    issuer: await readIssuer(flags.issuer),
    publisher: await readPublisher(flags.xkey),
  };
  await withConnection(flags, async (connection) => {
    const response = await runWorkload(connection, {
      ...{ keys, nodeId, location, namespace, type, description, triggerSubjects, env },
      name: flags.name ?? workloadName(location.key),
      argv: flags.argv === undefined ? [] : flags.argv.split(' '),
      essential: flags.essential === true,
      hostServices,
    });
    const { id, name, warnings = [] } = response;
    for (const warning of warnings) printNotice(`Warning: ${warning}`);
    if (flags.json) printJson(response);
    else print(acceptedText(name, id, nodeId));
  });
}

/** As in `nex`, what has no type is a service; what is triggered cannot be one. */
function serviceType(triggerSubjects: string[]): WorkloadType {
  if (triggerSubjects.length === 0) return 'native';
  throw new NexError(
    'no-type',
    'What has trigger subjects is a function, of which type is not said.',
    {
      remedy: 'Say it: --type v8 for JavaScript, --type wasm for WebAssembly.',
    },
  );
}
