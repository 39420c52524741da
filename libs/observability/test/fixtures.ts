import type { Next } from '@gantry/pipeline';
import { Log, type LogOptions } from '../src/log.ts';

/** A log whose lines can be read back. */
export function recordingLog(options: LogOptions = {}): { log: Log; lines: () => Record<string, unknown>[] } {
  const written: string[] = [];
  const log = Log.create({ ...options, destination: { write: (line) => void written.push(line) } });
  return { log, lines: () => written.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

export const succeed: Next = async () => ({ ok: true, output: {} });
