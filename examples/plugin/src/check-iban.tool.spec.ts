import { Config } from '@gantry/config';
import { describe, expect, it } from '@jest/globals';
import { CheckIbanTool } from './check-iban.tool.ts';
import { checksSettings } from './checks.settings.ts';

/** The tool as it is in a service with these variables. */
const toolWith = (env: Record<string, string>) => new CheckIbanTool(Config.of([checksSettings], env));

describe('check_iban', () => {
  it('says that an IBAN can be right, and writes it as it is sent', async () => {
    expect(await toolWith({}).call({ iban: 'nl91 abna 0417 1643 00' })).toEqual({
      valid: true,
      iban: 'NL91ABNA0417164300',
      country: 'NL',
    });
  });

  it('says what is wrong', async () => {
    expect(await toolWith({}).call({ iban: 'NL91 ABNA 0417 1643 01' })).toMatchObject({
      valid: false,
      problem: 'wrong_check_digits',
    });
  });

  it('accepts the countries that the operator names, all of them by default', async () => {
    const iban = 'NO93 8601 1117 947';
    expect(await toolWith({}).call({ iban })).toMatchObject({ valid: true });
    expect(await toolWith({ MCP_CHECKS_IBAN_COUNTRIES: 'NL, NO' }).call({ iban })).toMatchObject({
      valid: true,
    });
    expect(await toolWith({ MCP_CHECKS_IBAN_COUNTRIES: 'NL' }).call({ iban })).toMatchObject({
      valid: false,
      problem: 'country_not_accepted',
    });
  });
});

describe('MCP_CHECKS_IBAN_COUNTRIES', () => {
  it.each(['US', 'nl', 'DE,', 'constructor'])('refuses %s', (countries) => {
    expect(() => toolWith({ MCP_CHECKS_IBAN_COUNTRIES: countries })).toThrow('MCP_CHECKS_IBAN_COUNTRIES');
  });
});
