import { loginVariable } from '../runtime/protocol/debugLogin.ts';

/** The login that this process was started with; what it starts itself is not to find it. */
export function takeLogin(environment: NodeJS.ProcessEnv): object {
  const text = environment[loginVariable];
  Reflect.deleteProperty(environment, loginVariable);
  const login: unknown = text === undefined ? undefined : JSON.parse(text);
  return typeof login === 'object' && login !== null ? login : {};
}
