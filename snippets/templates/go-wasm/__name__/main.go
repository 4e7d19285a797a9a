package main

import (
	"io"
	"log"
	"os"
)

// Every message on the trigger subject runs this program: its payload is stdin, stdout is the reply.
func main() {
	payload, err := io.ReadAll(os.Stdin)
	if err != nil {
		log.Fatal(err)
	}
	log.Printf("%d bytes", len(payload))
	// Once: of several writes a real Nex 0.3 node sends the last only.
	if _, err := os.Stdout.Write(payload); err != nil {
		log.Fatal(err)
	}
}
