import { CancelOperationTool, CheckOperationStatusTool } from '@gantry/jobs';
import { toolContractOf } from '@gantry/pipeline';
import { describe, expect, it } from '@jest/globals';
import { CancelReconciliationTool, CheckReconciliationTool } from './operation-tools.ts';

describe.each([
  [CheckReconciliationTool, CheckOperationStatusTool],
  [CancelReconciliationTool, CancelOperationTool],
])('%p', (ours, theirs) => {
  const { input, errors, description, ...contract } = toolContractOf(ours)!;
  const original = toolContractOf(theirs)!;

  it('promises what the tool of the library does, and refuses card numbers', () => {
    expect(original).toMatchObject(contract);
    expect(description.startsWith(original.description)).toBe(true);
    expect(errors).toEqual([...original.errors, 'card_number_refused']);
    expect(input.parse({ operation_id: `op_${'0'.repeat(26)}` })).toBeDefined();
    const card = ['4242', '4242', '4242', '4242'].join(' ');
    expect(() => input.safeParse({ operation_id: card })).toThrow(/card number/);
  });
});
