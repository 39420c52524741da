import { CancelOperationTool, CheckOperationStatusTool } from '@gantry/jobs';
import { Tool, toolContractOf, type ToolContract } from '@gantry/pipeline';
import { Injectable } from '@nestjs/common';
import { CARD_NUMBER_REFUSED, paymentInput } from './inputs.ts';

/** The contract of a tool of a library, held to what every tool of this service is held to. */
function withoutCardNumbers(tool: unknown): ToolContract {
  const contract = toolContractOf(tool)!;
  return {
    ...contract,
    description: `${contract.description} Errors: ${CARD_NUMBER_REFUSED}.`,
    input: paymentInput(contract.input.shape),
    errors: [...contract.errors, CARD_NUMBER_REFUSED],
  };
}

/** Tells how a reconciliation is doing. */
@Injectable()
@Tool(withoutCardNumbers(CheckOperationStatusTool))
export class CheckReconciliationTool extends CheckOperationStatusTool {}

/** Stops a reconciliation. */
@Injectable()
@Tool(withoutCardNumbers(CancelOperationTool))
export class CancelReconciliationTool extends CancelOperationTool {}
