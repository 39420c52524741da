import { Config } from '@gantry/config';
import { Resource, type ResourceHandler } from '@gantry/mcp';
import { ServiceInfo } from '@gantry/observability';
import { Injectable } from '@nestjs/common';
import { Plugins } from '../plugins/plugins.ts';

/** The resource that every service has: how this server is set up, secrets redacted. */
@Injectable()
@Resource({
  uri: 'config://server-settings',
  name: 'server-settings',
  title: 'Server settings',
  description:
    'The plugins and settings this server runs with, and where each setting came from. Secrets are redacted.',
  mimeType: 'application/json',
  scopes: [],
  ttlMs: 60_000,
})
export class ServerSettingsResource implements ResourceHandler {
  constructor(
    private readonly config: Config,
    private readonly service: ServiceInfo,
    private readonly plugins: Plugins,
  ) {}

  read(): Promise<string> {
    const { name, version } = this.service;
    // Names and versions alone: which tools there are depends on who asks.
    const plugins = this.plugins.all.map((plugin) => ({ name: plugin.name, version: plugin.version }));
    return Promise.resolve(
      JSON.stringify({ service: name, version, plugins, settings: this.config.describe() }),
    );
  }
}
