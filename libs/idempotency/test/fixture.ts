import { randomUUID } from 'node:crypto';
import { createTestDatabase, type TestDatabase } from '@gantry/testing';
import postgres from 'postgres';
import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { migrateAll, startReplica, type Handler, type Replica } from './replica.ts';

/** What the tests of a file work with. */
export interface Fixture {
  readonly serviceUrl: string;
  readonly replica: Replica;
  /** The owner of the tables, for what the service may not do. */
  readonly owner: postgres.Sql;
  /** A key and a thing that no other test uses. */
  readonly key: string;
  readonly thing: string;
  /** Adds the thing named in the input and returns something that differs from run to run. */
  readonly add: Handler;
  /** How many things of this name there are. */
  count(name: string): Promise<number>;
}

/** A replica on a fresh database for the tests of a file. */
export function useFixture(): Fixture {
  let testDatabase: TestDatabase;
  let replica: Replica;
  let owner: postgres.Sql;
  let key: string;
  let thing: string;

  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    await migrateAll(testDatabase.ownerUrl);
    owner = postgres(testDatabase.ownerUrl, { max: 1, onnotice: () => {} });
    replica = await startReplica(testDatabase.serviceUrl);
  });
  beforeEach(() => {
    key = `key ${randomUUID()}`;
    thing = randomUUID();
  });
  afterAll(async () => {
    await replica?.stop();
    await owner?.end();
    await testDatabase?.drop();
  });

  return {
    get serviceUrl() {
      return testDatabase.serviceUrl;
    },
    get replica() {
      return replica;
    },
    get owner() {
      return owner;
    },
    get key() {
      return key;
    },
    get thing() {
      return thing;
    },
    add: async ({ name }, { principal }) => {
      await replica.addThing(String(name), principal.tenant);
      return { name, made: randomUUID() };
    },
    count: async (name) => (await replica.things()).filter((other) => other === name).length,
  };
}
