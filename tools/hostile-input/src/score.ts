import type { Fault, Outcome, Verdict } from './judge/judge.ts';
import type { Input } from './wire/input.ts';

/** Why a run fails. */
export type ViolationKind = Fault | 'crash' | 'blocked' | 'memory' | 'pollution' | 'others changed';

/** A broken promise, and where to find what broke it. */
export interface Finding {
  readonly kind: ViolationKind;
  /** Family and name of the input, or of what was looked at. */
  readonly input: string;
  readonly what: string;
  /** How often the like was seen: an input is kept of the first one alone. */
  times: number;
  /** A script that sends the input again. */
  readonly script?: string;
}

/** One defect shows at many places; its findings differ in names and numbers. */
const NAMES_AND_NUMBERS = /"(?:[^"\\]|\\.)*"|\d+|…/g;
const ALIKE_TO = 90;

/** What came of the inputs to one service. */
export class Score {
  readonly outcomes: Record<Outcome, number> = { ok: 0, refused: 0, protocol: 0 };
  /** By family. */
  readonly families = new Map<string, number>();
  /** Milliseconds, by attack. */
  readonly took = new Map<string, number>();
  /** Violations by kind, all of them. */
  readonly counts = new Map<ViolationKind, number>();
  readonly #findings = new Map<string, Finding>();
  /** Timeouts, and dependencies that were away. */
  unavailable = 0;
  inputs = 0;

  constructor(private readonly save: (input: Input) => string) {}

  /** Counts an input and what was thought of its answer. */
  add(input: Input, { outcome, isUnavailable, violations }: Verdict): void {
    this.inputs += 1;
    this.outcomes[outcome] += 1;
    if (isUnavailable) this.unavailable += 1;
    this.families.set(input.family, (this.families.get(input.family) ?? 0) + 1);
    for (const { fault, what } of violations) this.find(fault, what, input);
  }

  /** Counts what is wrong; the input, if there is one, can be sent again. */
  find(kind: ViolationKind, what: string, input?: Input, name = ''): void {
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
    const alike = `${kind} ${input?.family ?? name} ${what.replaceAll(NAMES_AND_NUMBERS, '').slice(0, ALIKE_TO)}`;
    const known = this.#findings.get(alike);
    if (known) return void (known.times += 1);
    const script = input && this.save(input);
    this.#findings.set(alike, {
      kind,
      input: input ? `${input.family}: ${input.what}` : name,
      what,
      times: 1,
      ...(script !== undefined && { script }),
    });
  }

  /** One for all that are alike. */
  get findings(): readonly Finding[] {
    return [...this.#findings.values()];
  }

  of(kind: ViolationKind): number {
    return this.counts.get(kind) ?? 0;
  }

  get violations(): number {
    return [...this.counts.values()].reduce((sum, count) => sum + count, 0);
  }
}
