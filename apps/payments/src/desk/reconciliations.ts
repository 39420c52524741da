import { Uploads, type Upload } from '@gantry/files';
import { Operations, type OperationView } from '@gantry/jobs';
import type { Principal, ToolCall } from '@gantry/pipeline';
import { Injectable } from '@nestjs/common';
import type { Difference, Period } from '../domain/reconciliation.ts';
import { ReconciliationStore } from '../store/reconciliation.store.ts';
import { reconcileOperation } from '../workflows/reconcile.ts';

/** Starts reconciliations, and shows whoever has started one what it found; in the current unit of work. */
@Injectable()
export class Reconciliations {
  constructor(
    private readonly uploads: Uploads,
    private readonly operations: Operations,
    private readonly store: ReconciliationStore,
  ) {}

  /** Compares the ledger with a report that has arrived. */
  async start(call: ToolCall, upload: Upload, period: Period): Promise<OperationView> {
    const view = await this.uploads.start(call, upload, reconcileOperation, (file) => ({ file, ...period }));
    await this.store.insert(view.operation_id, period, this.operations.keptUntil(view));
    return view;
  }

  /**
   * What differs, after the difference with a number.
   *
   * @throws GantryError `not_found` for everybody but the owner of the operation
   */
  async differences(
    principal: Principal,
    operationId: string,
    after: number,
    limit: number,
  ): Promise<Difference[]> {
    await this.operations.status({ principal }, operationId);
    return this.store.differences(operationId, after, limit);
  }
}
