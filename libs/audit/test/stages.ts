import { sharedError, validationError } from '@gantry/errors';
import { failure, type Outcome, type StageRun, type StageSlot, type ToolStage } from '@gantry/pipeline';

/** After the deadline, this long until the caller is answered without the handler. */
const GRACE_MS = 50;

function stage(run: StageRun): ToolStage {
  return { forTool: () => run };
}

/** Refuses arguments that say `invalid`, and splits off the key. */
const validateInput = stage(async (call, next) => {
  const { idempotency_key: key, ...input } = call.arguments as Record<string, unknown>;
  if (input['invalid']) {
    return failure(
      validationError('Not valid.', [{ path: '/invalid', message: JSON.stringify(input['invalid']) }]),
    );
  }
  call.idempotencyKey = key as string | undefined;
  call.input = input;
  return next(call);
});

const deadline: ToolStage = {
  forTool:
    ({ limits }) =>
    async (call, next) => {
      const ending = new AbortController();
      const leftBehind = new Promise<Outcome>((resolve) => {
        const timeout = sharedError('timeout', 'Too late.');
        setTimeout(() => ending.abort(timeout), limits.deadlineMs).unref();
        setTimeout(() => resolve(failure(timeout)), limits.deadlineMs + GRACE_MS).unref();
      });
      call.signal = ending.signal;
      call.deadline = performance.now() + limits.deadlineMs;
      return Promise.race([next(call), leftBehind]);
    },
};

/** Knows a key once its call was answered, in the memory of this process. */
function idempotency(): ToolStage {
  const answers = new Map<string, Outcome>();
  return stage(async (call, next) => {
    const { idempotencyKey: key } = call;
    const kept = key === undefined ? undefined : answers.get(key);
    if (kept) {
      call.resultMeta['idempotent_replay'] = true;
      return kept;
    }
    const outcome = await next(call);
    if (key !== undefined && (outcome.ok || outcome.error.isFinal)) answers.set(key, outcome);
    return outcome;
  });
}

/** Stand-ins for stages that live in higher layers, or in this one: they end calls in the ways the real ones do. */
export function standIns(): [StageSlot, ToolStage][] {
  return [
    ['validate-input', validateInput],
    ['deadline', deadline],
    ['idempotency', idempotency()],
  ];
}
