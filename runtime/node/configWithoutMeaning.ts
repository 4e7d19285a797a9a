const firecracker = 'it is for Firecracker machines, and agents are processes here';
const internalServer = 'agents need no NATS server of their own here';
const telemetry = 'this node sends no telemetry';
const pipe = 'agents are watched over a pipe here';

/** Fields of Nex's node configuration that mean nothing on this node, and why. */
export const withoutMeaning: Readonly<Record<string, string>> = {
  agent_handshake_timeout_ms: pipe,
  agent_ping_timeout_ms: pipe,
  agent_plugin_path: 'this node has no plugins',
  bin_path: 'this node looks for no programs',
  cni: firecracker,
  default_resource_dir: firecracker,
  internal_node_debug: internalServer,
  internal_node_host: internalServer,
  internal_node_port: internalServer,
  internal_node_store_dir: internalServer,
  internal_node_trace: internalServer,
  kernel_filepath: firecracker,
  machine_template: firecracker,
  otel_metrics: telemetry,
  otel_metrics_exporter: telemetry,
  otel_metrics_port: telemetry,
  otel_traces: telemetry,
  otel_traces_exporter: telemetry,
  otlp_exporter_url: telemetry,
  pid_filepath: 'several nodes may run on one host here',
  preserve_network: firecracker,
  public_nats_server: 'this node starts no second NATS server',
  rate_limiters: 'Nex reads it and limits nothing by it, and neither does this node',
  rootfs_filepath: firecracker,
};
