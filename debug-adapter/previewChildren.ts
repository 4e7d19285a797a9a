import type { DebugProtocol } from '@vscode/debugprotocol';
import type { RemoteObject } from './variable.ts';

/** The children of an object that is gone, as far as its preview showed them. */
export function previewChildren({ preview }: RemoteObject): DebugProtocol.Variable[] {
  if (preview === undefined) return [];
  const children = preview.properties.map(({ name, type, value = '' }) => ({
    name,
    value: type === 'string' ? JSON.stringify(value) : value,
    type,
    variablesReference: 0,
  }));
  return preview.overflow
    ? [...children, { name: '…', value: '', variablesReference: 0 }]
    : children;
}
