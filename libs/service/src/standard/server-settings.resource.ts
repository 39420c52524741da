import { Config } from '@gantry/config';
import { Resource, type ResourceHandler } from '@gantry/mcp';
import { ServiceInfo } from '@gantry/observability';
import { Injectable } from '@nestjs/common';

/** The resource that every service has: how this server is set up, secrets redacted. */
@Injectable()
@Resource({
  uri: 'config://server-settings',
  name: 'server-settings',
  title: 'Server settings',
  description: 'The settings this server runs with, and where each came from. Secrets are redacted.',
  mimeType: 'application/json',
  scopes: [],
  ttlMs: 60_000,
})
export class ServerSettingsResource implements ResourceHandler {
  constructor(
    private readonly config: Config,
    private readonly service: ServiceInfo,
  ) {}

  read(): Promise<string> {
    const { name, version } = this.service;
    return Promise.resolve(JSON.stringify({ service: name, version, settings: this.config.describe() }));
  }
}
