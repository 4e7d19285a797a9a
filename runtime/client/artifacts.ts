/** An editor's way to artifacts: it imports the client, and nothing that the client is made of. */
export type { Artifact } from '../artifact/artifact.ts';
export { buildArtifact } from '../artifact/buildArtifact.ts';
export { watchArtifact } from '../artifact/watchArtifact.ts';
