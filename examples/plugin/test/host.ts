import { AuthModule } from '@gantry/auth';
import { RateLimitModule } from '@gantry/rate-limit';
import { createService } from '@gantry/service';
import { Module } from '@nestjs/common';

/** A service that has nothing of its own, with the stages that need no database. */
@Module({ imports: [AuthModule.forRoot({}), RateLimitModule] })
class HostModule {}

await createService(HostModule, new URL('../package.json', import.meta.url));
