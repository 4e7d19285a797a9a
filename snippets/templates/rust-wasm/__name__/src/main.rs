use std::io::{self, Read, Write};

/// Every message on the trigger subject runs this program: its payload is stdin, stdout is the reply.
fn main() -> io::Result<()> {
    let mut payload = Vec::new();
    io::stdin().read_to_end(&mut payload)?;
    eprintln!("{} bytes", payload.len());
    // Once: of several writes a real Nex 0.3 node sends the last only.
    io::stdout().write_all(&payload)
}
