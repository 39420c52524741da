import { describe, expect, it } from '@jest/globals';
import { contractFindings } from '@gantry/mcp';
import { toolContractOf } from '@gantry/pipeline';
import { MODULE_METADATA } from '@nestjs/common/constants.js';
import { ChecksModule } from '../src/checks.module.ts';

const providers = Reflect.getMetadata(MODULE_METADATA.PROVIDERS, ChecksModule) as unknown[];
const contracts = providers.map(toolContractOf).filter((contract) => contract !== undefined);

describe('the tools of the plugin', () => {
  it.each(contracts)('keep the rules: $name', (contract) => {
    expect(contractFindings(contract)).toEqual([]);
  });
});
