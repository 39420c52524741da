import { Config, SigningKeys, UsesSettings } from '@gantry/config';
import { Log } from '@gantry/observability';
import { Module } from '@nestjs/common';
import { Cursors } from './cursors.ts';
import { Pages } from './pages.ts';
import { paginationSettings } from './settings.ts';

/** Provides {@link Pages}. */
@Module({
  providers: [{ provide: Pages, inject: [Config, Log], useFactory: makePages }],
  exports: [Pages],
})
@UsesSettings(paginationSettings)
export class PaginationModule {}

function makePages(config: Config, log: Log): Pages {
  const { cursorKeys, byteBudget } = config.get(paginationSettings);
  if (!cursorKeys) {
    log.warn(
      { setting: 'MCP_CURSOR_KEYS' },
      'MCP_CURSOR_KEYS is not set: page cursors will be refused after a restart and by other replicas.',
    );
  }
  return new Pages(new Cursors(new SigningKeys(cursorKeys)), byteBudget);
}
