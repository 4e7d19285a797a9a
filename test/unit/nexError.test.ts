import assert from 'node:assert/strict';
import { NexError, describeError, errorText } from '../../runtime/protocol/nexError.ts';

describe('describeError', () => {
  it('shows message and remedy of a NexError', () => {
    const error = new NexError('port-taken', 'Port 4222 is taken.', { remedy: 'Use --port 0.' });
    assert.equal(describeError(error), 'Port 4222 is taken.\nUse --port 0.');
  });

  it('shows a thrown string as it is', () => {
    assert.equal(errorText('nats: timeout'), 'nats: timeout');
  });
});
