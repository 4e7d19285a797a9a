/** Import directions of design section 4. Processes meet in `runtime/protocol` and on the wire, nowhere else. */
const only = (name, from, allowed) => ({
  name,
  severity: 'error',
  from: { path: from },
  to: { path: '^(runtime|debug-adapter|extension|test|tools)/', pathNot: [from, ...allowed] },
});

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^vscode$' },
    },
    only('protocol-imports-nothing-of-ours', '^runtime/protocol/', []),
    only('artifact-imports-only-protocol', '^runtime/artifact/', ['^runtime/protocol/']),
    only('nats-server-imports-only-protocol', '^runtime/nats-server/', ['^runtime/protocol/']),
    only('client-imports-only-artifact-and-protocol', '^runtime/client/', [
      '^runtime/(artifact|protocol)/',
    ]),
    only('agent-imports-only-protocol', '^runtime/agent/', ['^runtime/protocol/']),
    only('extension-imports-only-client-and-protocol', '^extension/', [
      '^runtime/(client|protocol)/',
    ]),
    only('debug-adapter-imports-only-client-and-protocol', '^debug-adapter/', [
      '^runtime/(client|protocol)/',
    ]),
    only('runtime-imports-only-runtime', '^runtime/', []),
    {
      name: 'only-the-extension-imports-vscode',
      severity: 'error',
      from: { pathNot: '^(extension|test/vscode)/' },
      to: { path: '^vscode$' },
    },
    {
      name: 'only-the-debug-adapter-speaks-dap',
      severity: 'error',
      from: { pathNot: '^(debug-adapter|extension|test|tools)/' },
      to: { path: '@vscode/debug(adapter|protocol)' },
    },
    {
      name: 'only-the-agent-loads-isolated-vm',
      severity: 'error',
      from: { pathNot: '^(runtime/agent|tools/bench)' },
      to: { path: 'isolated-vm' },
    },
    {
      name: 'product-code-never-imports-tests-or-tools',
      severity: 'error',
      from: { path: '^(runtime|debug-adapter|extension)/' },
      to: { path: '^(test|tools)/' },
    },
  ],
  options: {
    // The build script has the name of the package it imports, and is taken for it.
    doNotFollow: { path: '(node_modules|^esbuild[.]mjs$)' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      // devtools-protocol has nothing but types.
      mainFields: ['module', 'main', 'types'],
      extensions: ['.ts', '.d.ts', '.mjs', '.js', '.cjs', '.json'],
    },
  },
};
