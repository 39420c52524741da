/** A function in a profile. */
export interface CallFrame {
  readonly functionName: string;
  readonly url: string;
  /** From 0. */
  readonly lineNumber: number;
  readonly columnNumber: number;
}

/** What V8 gives: samples, each a node of the tree of calls, and the time between them. */
export interface CpuProfile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: CallFrame }[];
  readonly samples: readonly number[];
  /** Microseconds. */
  readonly timeDeltas: readonly number[];
}

/** The time that was spent in a function itself, not in what it calls. */
export interface SelfTime {
  readonly name: string;
  readonly place: string;
  readonly micros: number;
}

/** By function, most first. */
export function selfTimes(profile: CpuProfile, placeOf: (frame: CallFrame) => string): SelfTime[] {
  const frames = new Map(profile.nodes.map(({ id, callFrame }) => [id, callFrame]));
  const times = new Map<string, SelfTime>();
  profile.samples.forEach((id, index) => {
    const frame = frames.get(id)!;
    const place = placeOf(frame);
    const name = frame.functionName || '(anonymous)';
    const key = `${name} ${place}`;
    const micros = (times.get(key)?.micros ?? 0) + profile.timeDeltas[index]!;
    times.set(key, { name, place, micros });
  });
  return [...times.values()].sort((a, b) => b.micros - a.micros);
}
