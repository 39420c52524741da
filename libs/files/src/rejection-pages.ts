import { Operations } from '@gantry/jobs';
import type { Principal } from '@gantry/pipeline';
import { Injectable } from '@nestjs/common';
import { RejectionStore } from './rejection-store.ts';

/** Rejections in one page: 600 KB at most. */
export const REJECTIONS_PER_PAGE = 1_000;

/** Line numbers that fit an integer of the database. */
const LINE = /^\d{1,9}$/;

/** Shows whoever has started an operation what it did not take of its file, as the text of a resource. */
@Injectable()
export class RejectionPages {
  constructor(
    private readonly operations: Operations,
    private readonly stored: RejectionStore,
  ) {}

  /**
   * The rejections after a line, in the current unit of work: JSON with `rejections` and, if there are more, `next_uri`.
   * Undefined if the line is no number.
   *
   * @param uriAfter - the URI of the page after a line
   * @throws GantryError `not_found` for everybody but the owner of the operation
   */
  async read(
    principal: Principal,
    operationId: string,
    afterLine: string,
    uriAfter: (operationId: string, line: number) => string,
  ): Promise<string | undefined> {
    if (!LINE.test(afterLine)) return undefined;
    await this.operations.status({ principal }, operationId);
    const found = await this.stored.after(operationId, Number(afterLine), REJECTIONS_PER_PAGE + 1);
    const rejections = found.slice(0, REJECTIONS_PER_PAGE);
    return JSON.stringify({
      rejections,
      ...(found.length > rejections.length && { next_uri: uriAfter(operationId, rejections.at(-1)!.line) }),
    });
  }
}
