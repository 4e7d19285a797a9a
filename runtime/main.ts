#!/usr/bin/env node
import { printError } from './cli/output.ts';
import { runCli } from './cli/runCli.ts';
import { useNativeHashes } from './protocol/nativeHashes.ts';
import { ensureFittingNode } from './client/runtimeNodeRestart.ts';

/** `nexdev`: on a Node that can run functions, or started again on one that can. */
async function main(args: string[]): Promise<void> {
  useNativeHashes();
  try {
    if (await ensureFittingNode()) process.exitCode = await runCli(args);
  } catch (error) {
    printError(error, args.includes('--json'));
    process.exitCode = 1;
  }
}

void main(process.argv.slice(2));
