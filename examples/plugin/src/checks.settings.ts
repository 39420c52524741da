import { defineSettings, list, setting } from '@gantry/config';
import { z } from 'zod';
import { IBAN_LENGTHS } from './iban-lengths.ts';

const country = z.string().refine((code) => IBAN_LENGTHS.has(code), 'is not a country that uses IBANs');

/** What an operator can set about the checks. */
export const checksSettings = defineSettings('checks', {
  ibanCountries: setting('MCP_CHECKS_IBAN_COUNTRIES', list(country).default([...IBAN_LENGTHS.keys()]), {
    description: 'Countries whose IBANs are accepted, such as DE,FR,NL. Default: all.',
  }),
});
