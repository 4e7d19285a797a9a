/**
 * Environment variable of the debug adapter with the JSON of a `NatsTarget`: a launch configuration can be read by every
 * extension, so that no password may stand in it.
 */
export const loginVariable = 'NEXDEV_DEBUG_LOGIN';
