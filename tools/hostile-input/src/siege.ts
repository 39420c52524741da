import { floods } from './attacks/floods.ts';
import { ATTACKS } from './attacks/index.ts';
import type { Arena } from './attacks/attack.ts';
import type { Fleet, FleetService } from './fleet/fleet.ts';
import type { Reading } from './fleet/probe.ts';
import { ATTACKER, COLLEAGUE, tokenFor, VICTIM } from './fleet/principals.ts';
import { fuzzInput } from './fuzz/fuzz-input.ts';
import { Random } from './fuzz/random.ts';
import { Judge } from './judge/judge.ts';
import { LeakDetector } from './judge/leaks.ts';
import { changedTables, TenantEyes } from './plants/digest.ts';
import { MARKER, type Plants } from './plants/plant.ts';
import { Score } from './score.ts';
import { Session, type Trial } from './session.ts';
import { getToKnow } from './subject.ts';
import { HttpClient } from './wire/http-client.ts';
import { saveInput } from './wire/saved-input.ts';

/** Few enough that a turn of the event loop which serves them all is short. */
const CONCURRENCY = 24;
const WARM_UP = 300;
const TELL_EVERY_MS = 10_000;
/** Beyond what caches that were full at the middle may still sway. */
const MAX_GROWTH_BYTES = 16 * 1_048_576;
/** With fewer inputs not every string is tried at every place. */
const THOROUGH_FROM = 20_000;

/** How a service is attacked. */
export interface SiegeOptions {
  readonly inputs: number;
  readonly seed: number;
  /** How long a service may do nothing else. */
  readonly maxTurnMs: number;
  /** For inputs that are to be sent again. */
  readonly directory: string;
}

/** What came of it. */
export interface SiegeResult {
  readonly service: string;
  readonly score: Score;
  readonly tookMs: number;
  /** None if the process has not lived to see its end. */
  readonly readings: readonly Reading[];
}

/** Attacks a service until it has got as many inputs as it should, and looks what has become of it. */
export async function besiege(
  fleet: Fleet,
  service: FleetService,
  plants: Plants,
  { inputs, seed, maxTurnMs, directory }: SiegeOptions,
): Promise<SiegeResult> {
  const { name } = service;
  let saved = 0;
  const score = new Score((input) => saveInput(`${directory}/${name}-${(saved += 1)}`, name, input));
  const client = new HttpClient(service.url, CONCURRENCY);
  const eyes = new TenantEyes(service.database.superuserUrl);
  const telling = setInterval(() => tell(name, score, inputs, start), TELL_EVERY_MS);
  const start = performance.now();
  try {
    const before = await eyes.digestAtRest(VICTIM.tenant);
    const subject = await getToKnow(
      name,
      client,
      await tokenFor(fleet.issuer, service, ATTACKER),
      plants.own,
    );
    const confidential = { secrets: service.secrets, tables: await eyes.tables(), markers: [MARKER] };
    const judge = new Judge(subject.tools, new LeakDetector(confidential));
    const session = new Session(subject, service, client, judge, score, CONCURRENCY, maxTurnMs);
    const readings: Reading[] = [];
    const look = async () => {
      const reading = await service.process.look();
      if (reading) readings.push(reading);
      session.watch.check();
    };
    const fuzz = (from: number, to: number) => session.sendAll(fuzzTrials(session, seed, from, to));

    await fuzz(0, WARM_UP);
    await look();
    const thoroughness = Math.min(1, inputs / THOROUGH_FROM);
    const random = new Random(seed, name, 'attacks');
    const colleague = await tokenFor(fleet.issuer, service, COLLEAGUE);
    const arena: Arena = { session, fleet, plants, random, colleague, thoroughness };
    await attack(arena);
    await flood(arena, judge, score);
    const rest = Math.max(0, inputs - score.inputs);
    await fuzz(WARM_UP, WARM_UP + Math.ceil(rest / 2));
    await look();
    await fuzz(WARM_UP + Math.ceil(rest / 2), WARM_UP + rest);
    await look();
    conclude(service, score, readings);
    const changed = changedTables(before, await eyes.digestAtRest(VICTIM.tenant));
    for (const table of changed)
      score.find('others changed', `${table} of the victim`, undefined, 'afterwards');
    return {
      service: name,
      score,
      tookMs: performance.now() - start,
      readings,
    };
  } finally {
    clearInterval(telling);
    await client.close();
    await eyes.close();
  }
}

async function attack(arena: Arena): Promise<void> {
  const { service } = arena.session;
  for (const one of ATTACKS) {
    if (service.process.crash) return;
    if (one.services?.includes(service.name) === false) continue;
    const start = performance.now();
    await one.run(arena);
    arena.session.score.took.set(one.name, Math.round(performance.now() - start));
  }
}

/** Against a process of its own, whose limits are on. */
async function flood(arena: Arena, judge: Judge, score: Score): Promise<void> {
  const { session, fleet } = arena;
  const limited = await fleet.startLimited(session.service);
  const client = new HttpClient(limited.url, CONCURRENCY);
  const service = { ...session.service, ...limited };
  try {
    await floods.run({
      ...arena,
      session: new Session(session.subject, service, client, judge, score, CONCURRENCY, session.maxTurnMs),
    });
    if (limited.process.crash) score.find('crash', limited.process.crash, undefined, floods.name);
  } finally {
    await client.close();
    await limited.process.stop();
  }
}

function* fuzzTrials({ subject }: Session, seed: number, from: number, to: number): Generator<Trial> {
  for (let index = from; index < to; index += 1) yield [fuzzInput(subject, seed, index)];
}

/** What the probe has to say at the end. */
function conclude({ process }: FleetService, score: Score, readings: readonly Reading[]): void {
  if (process.crash) score.find('crash', process.crash, undefined, 'the process');
  const polluted = new Set(readings.flatMap((reading) => reading.polluted));
  for (const name of polluted) score.find('pollution', name, undefined, 'the process');
  const [, middle, end] = readings;
  const growth = middle && end ? end.heapBytes - middle.heapBytes : 0;
  if (growth > MAX_GROWTH_BYTES)
    score.find(
      'memory',
      `${Math.round(growth / 1_048_576)} MiB more heap than at the middle`,
      undefined,
      'the process',
    );
}

function tell(name: string, score: Score, inputs: number, start: number): void {
  const perSecond = score.inputs / ((performance.now() - start) / 1_000);
  console.log(
    `  ${name}: ${score.inputs} of ${inputs} inputs, ${perSecond.toFixed(0)}/s, ${score.violations} violations`,
  );
}
