// A NATS micro service that answers svc.echo with what it is sent.
//
//	node tools/buildExamples.ts echo-service
//	nexdev devrun examples/echo-service/echo
//	nexdev req svc.echo hello
package main

import (
	"log/slog"
	"os"
	"os/signal"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/micro"
)

// Where a service in a microVM of a real Nex node finds NATS.
const microVMURL = "nats://192.168.127.1:4222"

func main() {
	if err := serve(); err != nil {
		slog.Error("the service ends", "error", err)
		os.Exit(1)
	}
}

func serve() error {
	url := os.Getenv("NATS_URL")
	if url == "" {
		url = microVMURL
	}
	connection, err := nats.Connect(url, nats.Name("EchoService"))
	if err != nil {
		return err
	}
	defer connection.Close()
	service, err := micro.AddService(connection, micro.Config{
		Name:        "EchoService",
		Version:     "1.0.0",
		Description: "Answers with what it is sent",
		Endpoint:    &micro.EndpointConfig{Subject: "svc.echo", Handler: micro.HandlerFunc(echo)},
	})
	if err != nil {
		return err
	}
	slog.Info("svc.echo is served", "url", connection.ConnectedUrlRedacted())
	interrupted := make(chan os.Signal, 1)
	signal.Notify(interrupted, os.Interrupt)
	<-interrupted
	// Answers what it has before it ends.
	return service.Stop()
}

func echo(request micro.Request) {
	slog.Info("request", "bytes", len(request.Data()))
	if err := request.Respond(request.Data()); err != nil {
		slog.Error("no answer was sent", "error", err)
	}
}
