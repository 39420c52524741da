import { randomUUID } from 'node:crypto';
import { createTestDatabase, type TestDatabase } from '@gantry/testing';
import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import type { Provider } from '@nestjs/common';
import postgres from 'postgres';
import { migrateAll, startReplica, type Replica } from './replica.ts';

/** What the tests of a file work with. */
export interface Fixture {
  readonly serviceUrl: string;
  readonly superuserUrl: string;
  readonly replica: Replica;
  /** The owner of the tables, for looking behind the curtain. */
  readonly owner: postgres.Sql;
  /** A name that no other test uses. */
  readonly thing: string;
}

/** A replica on a fresh database for the tests of a file. */
export function useFixture(providers: Provider[], env: Record<string, string> = {}): Fixture {
  let testDatabase: TestDatabase;
  let replica: Replica;
  let owner: postgres.Sql;
  let thing: string;

  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    await migrateAll(testDatabase.ownerUrl);
    owner = postgres(testDatabase.ownerUrl, { max: 1, onnotice: () => {} });
    replica = await startReplica(testDatabase.serviceUrl, providers, env);
  });
  beforeEach(() => {
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
    get superuserUrl() {
      return testDatabase.superuserUrl;
    },
    get replica() {
      return replica;
    },
    get owner() {
      return owner;
    },
    get thing() {
      return thing;
    },
  };
}
