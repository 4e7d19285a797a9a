import type { Failure } from './counts.ts';

const shownLines = 4;
const widest = 240;

/** A failure in a few lines: where it is, what the error says first, and the first line of the project it passed. */
export function describeFailure({ title, error }: Failure): string {
  const lines = error.split('\n').filter((line) => line.trim() !== '');
  const firstFrame = lines.findIndex((line) => /^\s+at /.test(line));
  const message = firstFrame < 0 ? lines : lines.slice(0, firstFrame);
  const ours = lines.find((line) => /^\s+at (?!.*(node:|node_modules))/.test(line));
  const shown = [...message.slice(0, shownLines), ...(ours === undefined ? [] : [ours.trim()])];
  return [`✘ ${title}`, ...shown.map((line) => `    ${line.slice(0, widest)}`)].join('\n');
}
