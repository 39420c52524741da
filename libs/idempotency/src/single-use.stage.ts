import { Log } from '@gantry/observability';
import {
  AnswerRefused,
  failure,
  isWrite,
  Stage,
  type Failure,
  type Next,
  type Outcome,
  type RunningCall,
  type StageRun,
  type Ticket,
  type ToolContract,
  type ToolStage,
} from '@gantry/pipeline';
import { Database } from '@gantry/postgres';
import { Injectable } from '@nestjs/common';
import { TicketStore } from './ticket-store.ts';

/** How long a ticket may take to be given back. */
const GIVE_BACK_MS = 2_000;

/**
 * Lets the answers of a person count once. They are used up in the transaction of the effect: what rolls back leaves
 * them to be used, what commits does not. It stands inside idempotency, so the repetition of a call that was carried
 * out is answered from there and never gets here.
 */
@Injectable()
@Stage('single-use')
export class SingleUseStage implements ToolStage {
  private readonly tickets: TicketStore;

  constructor(
    private readonly database: Database,
    private readonly log: Log,
  ) {
    this.tickets = new TicketStore(database);
  }

  forTool(tool: ToolContract): StageRun | undefined {
    if (!isWrite(tool)) return undefined;
    const run = tool.effect === 'external' ? this.external : this.transactional;
    return (call, next) => (call.ticket ? run(call, call.ticket, next) : next(call));
  }

  private readonly transactional = async (call: RunningCall, ticket: Ticket, next: Next): Promise<Outcome> =>
    (await this.tickets.use(call, ticket)) ? next(call) : used(call);

  /**
   * An external effect has no transaction of the call to share. Used up before it, a ticket cannot allow it twice
   * whatever happens; given back if the call has to be repeated as it was, to ask more or after a failure that passes.
   */
  private readonly external = async (call: RunningCall, ticket: Ticket, next: Next): Promise<Outcome> => {
    const { signal, deadline, principal } = call;
    const { tenant } = principal;
    const isMine = await this.database.write({ tenant, signal, deadline }, () =>
      this.tickets.use(call, ticket),
    );
    if (!isMine) return used(call);
    const outcome = await next(call);
    if (!outcome.ok && !outcome.error.isFinal) await this.giveBack(call, ticket);
    return outcome;
  };

  private async giveBack(call: RunningCall, ticket: Ticket): Promise<void> {
    const { tenant } = call.principal;
    try {
      // The call may be over by signal or deadline; this is not.
      await this.database.write({ tenant, deadline: performance.now() + GIVE_BACK_MS }, () =>
        this.tickets.giveBack(call, ticket),
      );
    } catch (err) {
      this.log.warn({ err }, 'Answers could not be given back: the person will be asked again.');
    }
  }
}

function used({ tool }: RunningCall): Failure {
  return failure(
    new AnswerRefused(tool.name, 'These answers have been used already.', [
      { path: '/requestState', message: 'It counts once, and a call has been carried out with it.' },
    ]),
  );
}
