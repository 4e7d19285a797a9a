// A WebAssembly function: the payload comes on stdin, what is written to stdout is the reply.
//
//   node tools/buildExamples.ts        (or: cargo build --target wasm32-wasip1 --release)
//   nexdev devrun examples/echo-wasm/echo.wasm --trigger_subject=echo.wasm
//   nexdev req echo.wasm 'hello nex!'
use std::io::{self, Read, Write};

fn main() -> io::Result<()> {
    let mut payload = Vec::new();
    io::stdin().read_to_end(&mut payload)?;
    io::stdout().write_all(&payload)
}
