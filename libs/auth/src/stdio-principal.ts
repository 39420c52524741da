import { defineSettings, list, setting, type SettingsOf } from '@gantry/config';
import type { Principal } from '@gantry/pipeline';
import { missingSettings } from './auth.settings.ts';
import { identifier, scopeToken, tenantName } from './identity.ts';
import type { ScopeHierarchy } from './scope-hierarchy.ts';

/** On whose behalf a service works that talks over stdio, where there is no token. */
export const stdioPrincipalSettings = defineSettings('stdio principal', {
  tenant: setting('MCP_STDIO_TENANT', tenantName.optional(), {
    description: 'Tenant of the caller on stdio. Needed to serve stdio.',
  }),
  scopes: setting('MCP_STDIO_SCOPES', list(scopeToken).optional(), {
    description: 'Comma-separated scopes granted to the caller on stdio. Needed to serve stdio.',
  }),
  subject: setting('MCP_STDIO_SUBJECT', identifier.default('stdio'), {
    description: 'Subject (user) of the caller on stdio.',
  }),
  client: setting('MCP_STDIO_CLIENT', identifier.default('stdio'), {
    description: 'Client id of the caller on stdio.',
  }),
});

/**
 * The principal of a stdio process: whoever starts it sets its environment and so says who calls.
 *
 * @throws ConfigError that names what is missing; there is no default tenant to fall into by accident
 */
export function stdioPrincipal(
  settings: SettingsOf<typeof stdioPrincipalSettings>,
  hierarchy: ScopeHierarchy,
): Principal {
  const { tenant, scopes, subject, client } = settings;
  const needed = stdioPrincipalSettings.settings;
  if (tenant === undefined || scopes === undefined) {
    throw missingSettings([needed.tenant, tenant], [needed.scopes, scopes]);
  }
  return Object.freeze({ tenant, subject, client, scopes: hierarchy.expand(scopes) });
}
