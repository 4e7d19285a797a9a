package main

import (
	"cmp"
	"log"
	"os"
	"os/signal"
	"syscall"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/micro"
)

// A service runs until it is stopped, and subscribes by itself.
func main() {
	connection, err := nats.Connect(cmp.Or(os.Getenv("NATS_URL"), nats.DefaultURL))
	if err != nil {
		log.Fatal(err)
	}
	defer connection.Close()
	_, err = micro.AddService(connection, micro.Config{
		Name:     "__name__",
		Version:  "1.0.0",
		Endpoint: &micro.EndpointConfig{Subject: "svc.__name__", Handler: micro.HandlerFunc(answer)},
	})
	if err != nil {
		log.Fatal(err)
	}
	log.Print("waiting on svc.__name__")
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, os.Interrupt, syscall.SIGTERM)
	<-stop
}

func answer(request micro.Request) {
	log.Printf("%d bytes", len(request.Data()))
	if err := request.Respond(request.Data()); err != nil {
		log.Print(err)
	}
}
