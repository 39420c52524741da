import { mkdirSync, rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { slowLoris } from './attacks/slow-loris.ts';
import { build, ROOT } from './build.ts';
import { Fleet, SERVICES, type FleetService, type ServiceName } from './fleet/fleet.ts';
import { ATTACKER, COLLEAGUE, tokenFor, VICTIM } from './fleet/principals.ts';
import { PLANTS } from './plants/index.ts';
import { HonestClient, type Plants } from './plants/plant.ts';
import { details, table, writeJson } from './report.ts';
import { besiege, type SiegeResult } from './siege.ts';
import { HttpClient } from './wire/http-client.ts';

/**
 * Sends the services what an attacker would, and checks that every answer is a proper one.
 *
 *   node --conditions=@gantry/source --import @gantry/testing/typescript tools/hostile-input/src/main.ts --inputs 5000
 */
const { values } = parseArgs({
  options: {
    inputs: { type: 'string', default: '100000' },
    service: { type: 'string', multiple: true },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    // Longer on a machine that others use as well: memory and caches are shared, whatever the clock of a thread says.
    'max-turn': { type: 'string', default: '100' },
  },
});
const inputs = wholeNumber('inputs');
const seed = wholeNumber('seed');
const maxTurnMs = wholeNumber('max-turn');
const attacked = (values.service ?? [...SERVICES]).map(
  (name) => SERVICES.find((one) => one === name) ?? fail(unknown(name)),
);
const directory = `${ROOT}dist/hostile-input`;

rmSync(directory, { recursive: true, force: true });
mkdirSync(directory, { recursive: true });
build();
process.exitCode = (await run()) ? 0 : 1;

async function run(): Promise<boolean> {
  console.log(
    `Starting payments, records and orders. Seed ${seed}: --seed ${seed} makes the same inputs again.`,
  );
  const fleet = await Fleet.start(directory);
  try {
    console.log(fleet.description);
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => void fleet.close().finally(() => process.exit(130)));
    // All before the first attack: what the shop of the victim does reaches the other services too.
    const plants = new Map<ServiceName, Plants>();
    for (const service of fleet.services.values()) plants.set(service.name, await plant(fleet, service));
    // Beside all the rest, because it takes half a minute.
    const slow = attacked.map(async (name) => slowConnections(fleet, fleet.services.get(name)!));
    const results: SiegeResult[] = [];
    for (const name of attacked) {
      console.log(`${name}: ${inputs} inputs …`);
      const options = { inputs, seed, maxTurnMs, directory };
      results.push(await besiege(fleet, fleet.services.get(name)!, plants.get(name)!, options));
    }
    for (const [index, wrong] of (await Promise.all(slow)).entries())
      if (wrong) results[index]!.score.find('wrong', wrong, undefined, 'slow loris');
    writeJson(`${ROOT}dist/hostile-input.json`, seed, results);
    console.log(`\n${table(results)}\n\n${results.map(details).join('\n')}\n`);
    return results.every(({ score }) => score.violations === 0);
  } finally {
    await fleet.close();
  }
}

async function plant(fleet: Fleet, service: FleetService): Promise<Plants> {
  const client = new HttpClient(service.url, 1);
  try {
    const [attacker, colleague, victim] = await Promise.all(
      [ATTACKER, COLLEAGUE, VICTIM].map(
        async (person) => new HonestClient(client, await tokenFor(fleet.issuer, service, person)),
      ),
    );
    return await PLANTS[service.name](attacker!, colleague!, victim!);
  } finally {
    await client.close();
  }
}

async function slowConnections(fleet: Fleet, service: FleetService): Promise<string | undefined> {
  const token = await tokenFor(fleet.issuer, service, ATTACKER);
  const { connections, stillOpen } = await slowLoris(service.url, token);
  return stillOpen === 0 ? undefined : `${stillOpen} of ${connections} slow connections are still open`;
}

function wholeNumber(name: 'inputs' | 'seed' | 'max-turn'): number {
  const number = Number(values[name]);
  return Number.isInteger(number) && number >= 1
    ? number
    : fail(`--${name} must be a whole number, not ${values[name]}.`);
}

function unknown(name: string): string {
  return `There is no service '${name}'; there are: ${SERVICES.join(', ')}.`;
}

function fail(message: string): never {
  console.error(message);
  process.exit(2);
}
