/** One request to a server, and how far it has come: what decides whether it can have had an effect. */
export class Exchange {
  /** Something was there to take the request, and has not said that it did nothing with it. */
  mayHaveRun = false;
  /** Why the answer ended before it was complete. The SDK does not pass that on from an event stream. */
  failure: Error | undefined;

  constructor(readonly maxAnswerBytes: number) {}
}

/** The connection could not be made, or was lost. */
export class ConnectionFailed extends Error {
  override readonly name = 'ConnectionFailed';

  constructor(cause: unknown) {
    const { code = 'unknown' } = cause as NodeJS.ErrnoException;
    super(`The connection failed: ${code}.`, { cause });
  }
}

/** The answer is longer than this service reads. */
export class AnswerTooLarge extends Error {
  override readonly name = 'AnswerTooLarge';

  constructor(maxBytes: number) {
    super(`The answer is larger than ${maxBytes} bytes.`);
  }
}
