import { Option } from 'commander';
import { parseToken } from './parseArguments.ts';

export const namespaceOption = () =>
  new Option('--namespace <name>', 'Nex namespace')
    .env('NEX_NAMESPACE')
    .default('default')
    .argParser(parseToken('A namespace'));
