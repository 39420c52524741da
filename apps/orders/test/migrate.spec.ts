import { createTestDatabase, spawnService } from '@gantry/testing';
import { expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));

it('migrate fills an empty database and begins no work: jobs of this version would meet tables of another', async () => {
  const database = await createTestDatabase();
  const migration = await spawnService(
    process.execPath,
    ['--import', '@gantry/testing/typescript', MAIN, 'migrate'],
    {
      env: {
        NODE_OPTIONS: undefined,
        MCP_DATABASE_URL: database.serviceUrl,
        MCP_MIGRATION_DATABASE_URL: database.ownerUrl,
        // Their absence would be a warning.
        MCP_CURSOR_KEYS: randomBytes(32).toString('hex'),
        MCP_REMOTE_PAYMENTS_URL: 'http://127.0.0.1:9/mcp',
        MCP_REMOTE_RECORDS_URL: 'http://127.0.0.1:9/mcp',
      },
    },
  );
  expect(await migration.exited).toEqual({ code: 0, signal: null });
  const lines = migration.stderr.trim().split('\n');
  const logged = lines.map((line) => JSON.parse(line) as { level: string; msg: string });
  expect(logged.map(({ msg }) => msg).join('\n')).toMatch(/migration/);
  expect(logged.filter(({ level }) => level !== 'info')).toEqual([]);
  await database.drop();
}, 60_000);
