import { Config } from '@gantry/config';
import { defineTool, Tool, type InputOf, type OutputOf, type ToolHandler } from '@gantry/pipeline';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { checksSettings } from './checks.settings.ts';
import { checkIban, IBAN_PROBLEMS } from './iban.ts';

const checkIbanContract = defineTool({
  name: 'check_iban',
  title: 'Check an IBAN',
  description:
    'Tells whether a bank account number (IBAN) can be right: its characters, country, length and check digits. Use it ' +
    'before you store an IBAN or pay to it; it finds typing errors, and does not know whether the account exists. ' +
    'Returns valid, the IBAN without spaces, its country, and what is wrong; ask the person who gave it if anything ' +
    'is. At most 300 calls a minute.',
  input: z.strictObject({
    iban: z.string().min(1).max(60).describe('The IBAN as it was given, with or without spaces.'),
  }),
  output: z.object({
    valid: z.boolean(),
    iban: z.string(),
    country: z.string(),
    problem: z.enum([...IBAN_PROBLEMS, 'country_not_accepted']).optional(),
  }),
  scopes: [],
  effect: 'read',
  limits: { callsPerMinute: 300 },
});

/** Checks one IBAN. */
@Injectable()
@Tool(checkIbanContract)
export class CheckIbanTool implements ToolHandler<typeof checkIbanContract> {
  readonly #accepted: ReadonlySet<string>;

  constructor(config: Config) {
    this.#accepted = new Set(config.get(checksSettings).ibanCountries);
  }

  async call(input: InputOf<typeof checkIbanContract>): Promise<OutputOf<typeof checkIbanContract>> {
    const checked = checkIban(input.iban);
    if (checked.problem) return { valid: false, ...checked };
    if (!this.#accepted.has(checked.country))
      return { valid: false, ...checked, problem: 'country_not_accepted' };
    return { valid: true, ...checked };
  }
}
