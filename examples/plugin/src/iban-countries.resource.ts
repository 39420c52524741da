import { Config } from '@gantry/config';
import { Resource, type ResourceHandler } from '@gantry/mcp';
import { Injectable } from '@nestjs/common';
import { checksSettings } from './checks.settings.ts';
import { IBAN_LENGTHS } from './iban-lengths.ts';

/** For a client that shows a form: whose IBANs are accepted, and how long each has to be. */
@Injectable()
@Resource({
  uri: 'checks://iban-countries',
  name: 'iban-countries',
  title: 'Countries whose IBANs are accepted',
  description:
    'The length of an IBAN, by the country code it begins with, for all countries that are accepted.',
  mimeType: 'application/json',
  scopes: [],
  ttlMs: 3_600_000,
})
export class IbanCountriesResource implements ResourceHandler {
  constructor(private readonly config: Config) {}

  async read(): Promise<string> {
    const { ibanCountries } = this.config.get(checksSettings);
    return JSON.stringify(Object.fromEntries(ibanCountries.map((code) => [code, IBAN_LENGTHS.get(code)])));
  }
}
