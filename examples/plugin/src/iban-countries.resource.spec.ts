import { Config } from '@gantry/config';
import { describe, expect, it } from '@jest/globals';
import { checksSettings } from './checks.settings.ts';
import { IbanCountriesResource } from './iban-countries.resource.ts';

describe('checks://iban-countries', () => {
  it('says how long the IBANs are that are accepted', async () => {
    const config = Config.of([checksSettings], { MCP_CHECKS_IBAN_COUNTRIES: 'DE,NL' });
    expect(JSON.parse(await new IbanCountriesResource(config).read())).toEqual({ DE: 22, NL: 18 });
  });
});
