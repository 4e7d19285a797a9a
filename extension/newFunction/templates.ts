/** A program to begin with. Its files are in `snippets/templates/ID`; `__name__` stands for its name there. */
export interface Template {
  readonly id: string;
  readonly label: string;
  readonly detail: string;
  /** The file that is opened. */
  readonly source: string;
  /** A project's file that, where there is one, decides which declarations the language server knows. */
  readonly project?: 'jsconfig.json' | 'tsconfig.json';
  /** What makes the program of the source, where a source is not run as it is. */
  readonly build?: {
    readonly command: string;
    readonly environment?: Readonly<Record<string, string>>;
    readonly output: string;
  };
}

export const templates: readonly Template[] = [
  {
    id: 'javascript',
    label: 'JavaScript function',
    detail: 'One file, taken by Nex as it is',
    source: '__name__.js',
    project: 'jsconfig.json',
  },
  {
    id: 'typescript',
    label: 'TypeScript function',
    detail: 'One file, types removed',
    source: '__name__.ts',
    project: 'tsconfig.json',
  },
  {
    id: 'typescript-module',
    label: 'TypeScript module',
    detail: 'A folder; the default export is the function, what it imports is bundled',
    source: '__name__/__name__.ts',
    project: 'tsconfig.json',
  },
  {
    id: 'rust-wasm',
    label: 'Rust function (WebAssembly)',
    detail: 'A crate; payload on stdin, reply on stdout',
    source: '__name__/src/main.rs',
    build: {
      command: 'cargo build --target wasm32-wasip1 --release',
      output: '__name__/target/wasm32-wasip1/release/__name__.wasm',
    },
  },
  {
    id: 'go-wasm',
    label: 'Go function (WebAssembly)',
    detail: 'A module; payload on stdin, reply on stdout',
    source: '__name__/main.go',
    build: {
      command: 'go build -o __name__.wasm .',
      environment: { GOOS: 'wasip1', GOARCH: 'wasm' },
      output: '__name__/__name__.wasm',
    },
  },
  {
    id: 'go-service',
    label: 'Go service',
    detail: 'A module; a NATS micro service that subscribes by itself',
    source: '__name__/main.go',
    build: {
      command: 'go build -o __name__ .',
      environment: { CGO_ENABLED: '0' },
      output: '__name__/__name__',
    },
  },
];

/** What may stand for `__name__`: part of a subject, a file name, a crate and a Go module. */
export const namePattern = /^[A-Za-z][A-Za-z0-9_-]*$/;

export const fillIn = (text: string, name: string) => text.replaceAll('__name__', name);
