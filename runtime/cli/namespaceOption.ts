import { InvalidArgumentError, Option } from 'commander';

export const namespaceOption = () =>
  new Option('--namespace <name>', 'Nex namespace')
    .env('NEX_NAMESPACE')
    .default('default')
    .argParser(parseNamespace);

function parseNamespace(text: string): string {
  if (/^[^\s.*>]+$/.test(text)) return text;
  throw new InvalidArgumentError('A namespace is one word without dots, blanks and wildcards.');
}
