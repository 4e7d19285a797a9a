/** Nex's uptime: whole seconds, leading zero units dropped: `12s`, `3m12s`, `2d1h3m12s` (`myUptime`). */
export function formatUptime(milliseconds: number): string {
  let rest = Math.floor(milliseconds / 1000);
  let text = '';
  for (const [unit, seconds] of units) {
    const count = Math.floor(rest / seconds);
    rest -= count * seconds;
    if (count > 0 || text !== '' || unit === 's') text += `${count}${unit}`;
  }
  return text;
}

/** Nex's accumulated run time: `512ns`, `34ms`, then as an uptime. */
export function formatRuntime(nanoseconds: number): string {
  if (nanoseconds < 1000) return `${nanoseconds}ns`;
  const milliseconds = Math.floor(nanoseconds / 1e6);
  return milliseconds < 1000 ? `${milliseconds}ms` : formatUptime(milliseconds);
}

const units = [
  ['y', 31_536_000],
  ['d', 86_400],
  ['h', 3600],
  ['m', 60],
  ['s', 1],
] as const;
