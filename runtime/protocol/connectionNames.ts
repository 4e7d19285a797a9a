/** Name of a workload's own connection, as Nex has it (`internal/node/workload_mgr.go` createHostServicesConnection). */
export const functionConnectionName = (workload: string) => `nex-hostservices-${workload}`;

/** The same for a copy, which answers nobody. */
export const copyConnectionName = (workload: string) => `nexdev-copy-${workload}`;
