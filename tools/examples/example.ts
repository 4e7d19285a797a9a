/** An example that is compiled before it can be run. */
export interface Example {
  readonly name: string;
  /** Under `examples/`; git ignores it. */
  readonly output: string;
  /** The command that makes `output`, run in `examples/`. Rejects with what to install. */
  readonly command: (output: string) => Promise<Command>;
}

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}
