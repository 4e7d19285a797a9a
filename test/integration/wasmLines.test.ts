import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WASI } from 'node:wasi';
import { after, before, describe, it } from 'mocha';
import { readSections } from '../../runtime/agent/wasm/dwarf/moduleSections.ts';
import { WasmLocations } from '../../runtime/agent/wasm/wasmLocations.ts';
import { findRust } from '../../tools/examples/findRust.ts';

const c = `static int inner(int x) {
  if (x > 2)
    __builtin_trap();
  return x;
}

int main(int count, char **texts) { return inner(count + 2); }
`;

const rust = `mod voice {
    #[inline(never)]
    pub fn shout(count: usize) -> usize {
        if count > 0 { std::process::abort() }
        count
    }
}

fn main() {
    println!("{}", voice::shout(std::env::args().count()));
}
`;

describe('the stack of a trap', () => {
  let directory: string;
  before(() => (directory = mkdtempSync(join(tmpdir(), 'nexdev-lines-'))));
  after(() => rmSync(directory, { recursive: true, force: true }));

  function compile(compiler: string, name: string, source: string, flags: string[]): string {
    writeFileSync(join(directory, name), source);
    const output = join(directory, `${name}.wasm`);
    execFileSync(compiler, [...flags, join(directory, name), '-o', output], { stdio: 'pipe' });
    return output;
  }

  for (const version of [4, 5]) {
    it(`has the lines that were written (C, DWARF ${version})`, () => {
      const flags = ['--target=wasm32-wasi', `-gdwarf-${version}`];
      const file = compile('clang', 'trap.c', c, flags);
      const locations = new WasmLocations(file);
      const stack = trap(file);
      assert.match(
        locations.mapStack(stack),
        /unreachable\n +at inner \(\S*trap\.c:3:5\)\n +at \S*main \(\S*trap\.c:7:\d+\)/,
      );
      assert.equal(locations.ofStack(stack)?.url, `file://${join(directory, 'trap.c')}`);
    });
  }

  it('has names and lines as they were written (Rust)', async function () {
    const compiler = await findRust();
    if (compiler === undefined) this.skip();
    const file = compile(compiler.program, 'trap.rs', rust, ['-g', '--target', compiler.target]);
    assert.match(
      new WasmLocations(file).mapStack(trap(file)),
      /at trap::voice::shout \(\S*trap\.rs:4:\d+\)\n +at trap::main \(\S*trap\.rs:10:\d+\)/,
    );
  });

  it('is as V8 gives it where the module has no lines, or says it has', () => {
    const plain = compile('clang', 'plain.c', c, ['--target=wasm32-wasi', '-Wl,--strip-debug']);
    const stack = trap(plain);
    assert.equal(new WasmLocations(plain).mapStack(stack), stack);
    const file = compile('clang', 'broken.c', c, ['--target=wasm32-wasi', '-g']);
    const broken = readFileSync(file);
    readSections(broken).custom.get('.debug_line')?.fill(0xff);
    writeFileSync(file, broken);
    assert.equal(new WasmLocations(file).mapStack(stack), stack);
  });
});

/** How V8 describes the trap that the program ends in. */
function trap(file: string): string {
  const wasi = new WASI({ version: 'preview1', args: ['trap'] });
  const module = new WebAssembly.Module(readFileSync(file));
  const instance = new WebAssembly.Instance(module, { wasi_snapshot_preview1: wasi.wasiImport });
  try {
    wasi.start(instance);
  } catch (error) {
    assert.ok(error instanceof Error);
    const lines = error.stack?.split('\n') ?? [];
    return lines.filter((line) => !/node:|file:/.test(line)).join('\n');
  }
  throw new Error('it did not trap');
}
