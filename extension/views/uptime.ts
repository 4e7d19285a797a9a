/** An uptime of Nex (`1h2m3s`) to its largest unit: a row with seconds in it would be drawn anew all the time. */
export function describeUptime(uptime: string): string {
  const [largest = '<1m'] = /^\d+(?:y|d|h|m(?!s))/.exec(uptime) ?? [];
  return `up ${largest}`;
}
