import { reasons, type Row } from './row.ts';

export const messagingRows: readonly Row[] = [
  {
    line: 'A.8.2 messaging: subject and payload are required',
    source:
      "() => ['publish', 'request', 'requestMany'].map((m) => attempt(() => messaging[m]('a')))",
    strict:
      '["! subject and payload are required","! subject and payload are required","! subject and payload are required"]',
  },
  {
    line: 'A.8.2 requestMany',
    source: "(s, p) => attempt(() => messaging.requestMany('a', p))",
    strict: `"! this function isn't currently supported"`,
  },
  {
    line: 'A.8.2 messaging: an empty subject',
    source:
      "(s, p) => [attempt(() => messaging.publish('', p)), attempt(() => messaging.request('', p))]",
    strict: '["! Error: subject is required (500)","! Error: subject is required (400)"]',
  },
  {
    line: 'A.8.2 messaging: no responders',
    source: "(s, p) => attempt(() => messaging.request('fidelity.nobody', p))",
    strict: '"! Error: failed to send request (500)"',
  },
  {
    line: 'A.8.2 messaging: malformed subjects',
    source: "(s, p) => ['a b', 'a..b', '.a'].map((x) => attempt(() => messaging.publish(x, p)))",
    strict: '["undefined","undefined","undefined"]',
    faithful: '["! Error: failed to publish message (500)","undefined","undefined"]',
    reason: reasons.told,
  },
  {
    line: 'A.8.5 #1 in messages',
    source: "() => [...messaging.request('fidelity.echo', new Uint8Array([0x80]))]",
    strict: '[194,128]',
    faithful: '[128]',
    reason: reasons.bytes,
  },

  {
    line: 'A.8.2 messaging: wildcards are published literally',
    source:
      "(s, p) => ['fidelity.*', 'fidelity.>'].map((x) => attempt(() => messaging.publish(x, p)))",
    strict: '["undefined","undefined"]',
  },
  {
    line: 'A.8.1 messaging: three arguments',
    source: "(s, p) => ['publish', 'request'].map((m) => attempt(() => messaging[m]('a', p, p)))",
    strict: '["! subject and payload are required","! subject and payload are required"]',
  },
  {
    line: 'A.8.1 messaging: an empty reply',
    source: "() => [...messaging.request('fidelity.echo', new Uint8Array())]",
    strict: '[]',
  },
  {
    line: 'A.8.2 messaging: requests to malformed subjects',
    source:
      "(s, p) => ['a..b', '.a', 'a.', 'a.*', '*', '>', 'a*b', 'é'].map((x) => attempt(() => messaging.request(x, p)))",
    strict: JSON.stringify(Array(8).fill('! Error: failed to send request (500)')),
  },
];
