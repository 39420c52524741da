import { createTestDatabase, type TestDatabase } from '@gantry/testing';
import { afterAll, beforeAll } from '@jest/globals';
import { migrateAll, startReplica, type Replica } from './replica.ts';

/** What the tests of a file work with. */
export interface Fixture {
  readonly ownerUrl: string;
  readonly serviceUrl: string;
  readonly replica: Replica;
}

/** A replica on a fresh database for the tests of a file. */
export function useFixture(env: Record<string, string> = {}): Fixture {
  let testDatabase: TestDatabase;
  let replica: Replica;
  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    await migrateAll(testDatabase.ownerUrl);
    replica = await startReplica(testDatabase.serviceUrl, env);
  });
  afterAll(async () => {
    await replica?.stop();
    await testDatabase?.drop();
  });
  return {
    get ownerUrl() {
      return testDatabase.ownerUrl;
    },
    get serviceUrl() {
      return testDatabase.serviceUrl;
    },
    get replica() {
      return replica;
    },
  };
}
