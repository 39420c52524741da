import { auditMigrations, AuditModule } from '@gantry/audit';
import { AuthModule } from '@gantry/auth';
import { PostgresModule } from '@gantry/postgres';
import { RateLimitModule } from '@gantry/rate-limit';
import { Module } from '@nestjs/common';
import { addNumbersTool } from './add-numbers.tool.ts';

/** Every service has health_check as well, so a list of sixteen has fifteen of these. */
const tools = Array.from({ length: Number(process.env['TOOLS'] ?? 1) }, (_, index) =>
  addNumbersTool(index === 0 ? 'add_numbers' : `add_numbers_${index + 1}`),
);

/** A service of trivial tools, with all that a real one has around its tools. */
@Module({
  imports: [
    PostgresModule.forRoot({ migrations: [auditMigrations] }),
    AuthModule.forRoot({ scopesSupported: ['bench:read'] }),
    RateLimitModule,
    AuditModule,
  ],
  providers: tools,
})
export class BenchModule {}
