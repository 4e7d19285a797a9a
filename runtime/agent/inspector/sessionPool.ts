import type ivm from 'isolated-vm';
import { firstOwnId } from './cdpMessages.ts';

/** Who listens to a session now. */
export interface SessionListener {
  onResponse(id: number, message: string): void;
  onNotification(message: string): void;
}

/** An inspector session that outlives its client. */
export interface PooledSession {
  dispatch(message: object): void;
  /** A request id that no client uses, and this session never again. */
  createId(): number;
  /** undefined: nobody listens. */
  listener: SessionListener | undefined;
}

/**
 * Inspector sessions are never disposed while their isolate lives, but lent again: isolated-vm 7.0.1 frees a session's
 * channel at once and its V8 half later, on the isolate's thread, where it may still speak into the freed channel
 * (`inspector.cc`, `session_handle.cc`). A client that went while stopped took the agent with it.
 */
export class SessionPool {
  readonly #isolate: ivm.Isolate;
  readonly #idle: PooledSession[] = [];

  constructor(isolate: ivm.Isolate) {
    this.#isolate = isolate;
  }

  take(): PooledSession {
    return this.#idle.pop() ?? this.#create();
  }

  /** Every domain of it must be disabled again. */
  giveBack(session: PooledSession): void {
    session.listener = undefined;
    this.#idle.push(session);
  }

  #create(): PooledSession {
    const native = this.#isolate.createInspectorSession();
    let lastId = firstOwnId;
    const session: PooledSession = {
      createId: () => (lastId += 1),
      listener: undefined,
      dispatch: (message) => {
        if (!this.#isolate.isDisposed) native.dispatchProtocolMessage(JSON.stringify(message));
      },
    };
    // Set once: they are read on the isolate's thread.
    native.onResponse = (id, message) => session.listener?.onResponse(id, message);
    native.onNotification = (message) => session.listener?.onNotification(message);
    return session;
  }
}
