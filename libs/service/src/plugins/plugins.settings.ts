import { defineSettings, list, setting } from '@gantry/config';
import { z } from 'zod';

const names = list(z.string())
  .refine((all) => new Set(all).size === all.length, 'must not name a plugin twice')
  .default([]);

/** Which plugins to load. Read before all other settings, because plugins have settings of their own. */
export const pluginsSettings = defineSettings('plugins', {
  names: setting('MCP_PLUGINS', names, {
    description:
      'Packages or files whose tools, resources and prompts this service offers as well, separated by commas: @acme/checks, ./checks.js, /opt/checks/index.js. They run with all rights of the service.',
  }),
});
