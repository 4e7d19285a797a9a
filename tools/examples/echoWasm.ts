import type { Example } from './example.ts';
import { findRust } from './findRust.ts';

/** The talk's Rust function. */
export const echoWasm: Example = {
  name: 'echo-wasm',
  output: 'echo-wasm/echo.wasm',
  command: async (output) => {
    const rust = await findRust();
    if (rust === undefined) {
      throw new Error(
        'no rustc on PATH can build for WASI preview 1: `rustup target add wasm32-wasip1`, or on Debian ' +
          '`apt-get install rustc libstd-rust-dev-wasm32 lld`',
      );
    }
    const { program, target } = rust;
    const options = ['--edition', '2021', '--target', target, '-O', '-C', 'strip=debuginfo'];
    return { program, args: [...options, 'echo-wasm/src/main.rs', '-o', output] };
  },
};
