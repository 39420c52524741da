import { UsesSettings } from '@gantry/config';
import { Module } from '@nestjs/common';
import { CheckIbanTool } from './check-iban.tool.ts';
import { checksSettings } from './checks.settings.ts';
import { IbanCountriesResource } from './iban-countries.resource.ts';

/** Checks of numbers that people mistype: so far those of bank accounts. */
@UsesSettings(checksSettings)
@Module({ providers: [CheckIbanTool, IbanCountriesResource] })
export class ChecksModule {}
