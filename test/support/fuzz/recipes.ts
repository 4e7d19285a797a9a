import fc from 'fast-check';

/** How one message is made; plain data, so that a failure can be read. What it needs of the node is added when it is built. */
export interface Recipe {
  /** Index into the endpoints, modulo their number. */
  readonly endpoint: number;
  readonly namespace: string;
  /** Behind the endpoint's own subject. */
  readonly moreTokens: readonly string[];
  readonly body: BodyRecipe;
  readonly claims: ClaimsRecipe;
  readonly headers: HeadersRecipe;
  readonly wantsReply: boolean;
}

export type BodyRecipe =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'json'; readonly value: unknown }
  | {
      readonly kind: 'repeated';
      readonly unit: string;
      readonly around: Around;
      readonly size: Size;
    }
  | { readonly kind: 'request'; readonly mutations: readonly Mutation[] };

type Around = readonly [before: string, after: string];
/** As many units as the server takes, or some. */
type Size = number | 'all';

/** What is done to a request that is right. */
export type Mutation =
  | { readonly change: 'remove'; readonly member: number }
  | { readonly change: 'set'; readonly member: number | string; readonly value: unknown }
  | { readonly change: 'fill'; readonly member: number; readonly unit: string };

export interface ClaimsRecipe {
  readonly signer: 'owner' | 'stranger' | 'user';
  readonly damage:
    'none' | 'payload' | 'signature' | 'algorithm' | 'cut' | 'replayed' | 'text' | 'missing';
  /** Seconds from now. */
  readonly issued: number;
  readonly expires: number | undefined;
  readonly notBefore: number | undefined;
  /** Instead of what belongs into the claims. */
  readonly odd: Readonly<Record<string, unknown>>;
  readonly text: string;
}

export type HeadersRecipe =
  | { readonly kind: 'none' }
  | { readonly kind: 'named'; readonly lines: readonly (readonly [string, string])[] }
  | { readonly kind: 'raw'; readonly bytes: Uint8Array };

const oddNames = ['__proto__', 'constructor', 'toString', 'nexdev', 'nats', 'Host', 'path', ''];
const oddTexts = [
  '',
  ' ',
  '.',
  '*',
  '>',
  'a b',
  'a.b',
  '\u00a0',
  '\u0000',
  '\r\nPUB x 0\r\n\r\n',
  '../../etc/passwd',
  'default',
  'system',
  'nats://127.0.0.1:1',
  'NEXCLIFILES',
  '$SYS.>',
  '_INBOX.>',
  'v8',
  'wasm',
  'native',
  '__proto__',
  '\ud800',
  'x'.repeat(300),
];
const oddText = fc.oneof(
  fc.constantFrom(...oddTexts),
  fc.string({ unit: 'binary', maxLength: 20 }),
);
const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  oddText,
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom(null, true, 0, -1, 1e308, 2 ** 53, [], {}, [null], [[]], [''], { a: { b: {} } }),
  fc.array(oddText, { maxLength: 4 }),
  fc.dictionary(
    fc.oneof(fc.constantFrom(...oddNames), fc.string()),
    fc.oneof(oddText, fc.jsonValue()),
    {
      maxKeys: 4,
    },
  ),
);

const member = fc.nat(40);
const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({ change: fc.constant('remove' as const), member }),
  fc.record({
    change: fc.constant('set' as const),
    member: fc.oneof({ weight: 5, arbitrary: member }, fc.constantFrom(...oddNames)),
    value: oddValue,
  }),
);
const filling: fc.Arbitrary<Mutation> = fc.record({
  change: fc.constant('fill' as const),
  member,
  unit: fc.constantFrom('x', '\u0000', '"', '.', 'a.', '<', '\ud83d\ude00', '1'),
});

const around: fc.Arbitrary<Around> = fc.constantFrom(
  ['', ''] as const,
  ['[', '0]'] as const,
  ['{"trigger_subjects":[', '0],"type":"v8"}'] as const,
  ['{"tags":{', '"z":1}}'] as const,
  ['{"location":', '}'] as const,
  ['{"workload":"', '"}'] as const,
  ['{"workload_id":"', '"}'] as const,
);
const body: fc.Arbitrary<BodyRecipe> = fc.oneof(
  {
    weight: 24,
    arbitrary: fc.record({
      kind: fc.constant('request' as const),
      mutations: fc.array(mutation, { maxLength: 3 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('json' as const), value: oddValue }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('text' as const), text: oddText }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('bytes' as const),
      bytes: fc.uint8Array({ maxLength: 200 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('repeated' as const),
      unit: fc.constantFrom(
        'x',
        '[',
        '{"a":',
        '[{"a":',
        '1,',
        '"",',
        '{},',
        '"a.b":"c",',
        '\u0000',
      ),
      around,
      size: fc.oneof(fc.nat(5000), fc.constant('all' as const)),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('request' as const), mutations: fc.tuple(filling) }),
  },
);

const claims: fc.Arbitrary<ClaimsRecipe> = fc.record({
  signer: fc.oneof(
    { weight: 6, arbitrary: fc.constant('owner' as const) },
    fc.constantFrom('stranger' as const, 'user' as const),
  ),
  damage: fc.oneof(
    { weight: 14, arbitrary: fc.constant('none' as const) },
    fc.constantFrom('payload', 'signature', 'algorithm', 'cut', 'replayed', 'text', 'missing'),
  ),
  issued: fc.oneof(
    { weight: 5, arbitrary: fc.constant(0) },
    fc.constantFrom(-3600, -62, -30, 30, 62, 1e9),
  ),
  expires: fc.oneof(
    { weight: 5, arbitrary: fc.constant(undefined) },
    fc.constantFrom(-10, 0, 10, -1e12),
  ),
  notBefore: fc.oneof(
    { weight: 6, arbitrary: fc.constant(undefined) },
    fc.constantFrom(-10, 10, 1e12),
  ),
  odd: fc.oneof(
    { weight: 8, arbitrary: fc.constant({}) },
    fc.dictionary(
      fc.constantFrom('jti', 'iat', 'iss', 'sub', 'exp', 'nbf', 'nats', 'name'),
      oddValue,
      {
        maxKeys: 2,
      },
    ),
  ),
  text: oddText,
});

const headerName = fc.constantFrom(
  'Nexdev-Authorization',
  'Nats-Msg-Id',
  'Nats-Service-Error',
  'Status',
  'X',
);
const headers: fc.Arbitrary<HeadersRecipe> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('none' as const) }) },
  fc.record({
    kind: fc.constant('named' as const),
    lines: fc.array(fc.tuple(headerName, fc.string({ maxLength: 40 })), { maxLength: 5 }),
  }),
  fc.record({
    kind: fc.constant('raw' as const),
    bytes: fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc
        .constantFrom(
          'NATS/1.0\r\n\r\n',
          'NATS/1.0 503\r\n\r\n',
          'NATS/1.0\r\n:\r\n\r\n',
          'NATS/1.0\r\nA\r\n\r\n',
          'HTTP/1.1\r\n\r\n',
          '\r\n\r\n',
        )
        .map((text) => Uint8Array.from(Buffer.from(text))),
    ),
  }),
);

/** A token of a subject may be anything without white space and dots. */
const token = oddText
  .map((text) => text.replaceAll(/[\s.\p{Cc}]/gu, ''))
  .filter((text) => text !== '' && text.isWellFormed());

export const recipe: fc.Arbitrary<Recipe> = fc.record({
  endpoint: fc.nat(999),
  namespace: fc.oneof({ weight: 6, arbitrary: fc.constant('default') }, token),
  moreTokens: fc.oneof(
    { weight: 8, arbitrary: fc.constant([]) },
    fc.array(token, { minLength: 1, maxLength: 3 }),
  ),
  body,
  claims,
  headers,
  wantsReply: fc.oneof({ weight: 9, arbitrary: fc.constant(true) }, fc.constant(false)),
});
