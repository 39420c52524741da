import { testContract } from '@gantry/contract';
import { contractOf, serviceFindings } from '@gantry/service';
import { RecordsModule } from '../src/records.module.ts';

testContract({
  service: 'records',
  contract: await contractOf(RecordsModule, {
    env: { MCP_DATABASE_URL: 'postgres://localhost/records', MCP_REDIS_URL: 'redis://localhost' },
  }),
  findings: serviceFindings(RecordsModule),
  tokenBudget: 10_250,
  folder: new URL('../contract/', import.meta.url),
});
