import pino, { type DestinationStream, type Logger } from 'pino';
import { currentContext } from './call-context.ts';
import { redactFields } from './redact.ts';
import { redactText } from './redact-text.ts';
import type { ServiceInfo } from './service-info.ts';

/** Levels from the least to the most severe; `silent` logs nothing. */
export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** Name of a level. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What a log is made of. */
export interface LogOptions {
  readonly level?: LogLevel;
  readonly service?: ServiceInfo;
  /** Where lines go; stderr if left out. */
  readonly destination?: DestinationStream;
}

/**
 * Structured logs: one JSON object a line. Every line carries the context of the running call, and no line
 * carries a secret: fields and messages are redacted before they are written.
 */
export class Log {
  private constructor(
    private readonly pino: Logger,
    private readonly bindings: Record<string, unknown>,
  ) {}

  /** A log of its own. Inside the container inject {@link Log} instead. */
  static create({ level = 'info', service, destination = stderr() }: LogOptions = {}): Log {
    const base = { service: service?.name, version: service?.version, pid: process.pid };
    const options = {
      level,
      base,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: levelName },
      // Errors are data already when they get here.
      serializers: { err: (error: unknown) => error },
    };
    return new Log(pino(options, destination), {});
  }

  /** A log that writes nothing, for tests. */
  static silent(): Log {
    return Log.create({ level: 'silent', destination: { write: () => {} } });
  }

  /** Every step; for a developer who follows one call. */
  trace(fields: object, message: string): void {
    this.write('trace', fields, message);
  }

  /** What helps to find out why; off in production. */
  debug(fields: object, message: string): void {
    this.write('debug', fields, message);
  }

  /** What a service does all day. */
  info(fields: object, message: string): void {
    this.write('info', fields, message);
  }

  /** Something failed and the service coped; somebody should look when there is time. */
  warn(fields: object, message: string): void {
    this.write('warn', fields, message);
  }

  /** The service failed somebody; somebody should look now. */
  error(fields: object, message: string): void {
    this.write('error', fields, message);
  }

  /** The process cannot go on. Everything logged so far is on its way when this returns. */
  fatal(fields: object, message: string): void {
    this.write('fatal', fields, message);
  }

  /** A log that adds `bindings` to every line. */
  child(bindings: object): Log {
    return new Log(this.pino, { ...this.bindings, ...redactFields(bindings) });
  }

  private write(level: Exclude<LogLevel, 'silent'>, fields: object, message: string): void {
    if (!this.pino.isLevelEnabled(level)) return;
    // The context comes last: no field of a caller may pass itself off as another call or tenant.
    this.pino[level]({ ...this.bindings, ...redactFields(fields), ...contextFields() }, redactText(message));
  }
}

function contextFields(): Record<string, unknown> | undefined {
  const context = currentContext();
  return (
    context && {
      request_id: context.requestId,
      trace_id: context.traceId,
      tenant: context.tenant,
      tool: context.tool,
    }
  );
}

function levelName(level: string): { level: string } {
  return { level };
}

/** What waits to be written while the reader of stderr is not reading; beyond it lines are lost, not memory. */
const MAX_BACKLOG_BYTES = 16 * 1_024 * 1_024;

/** Lines are written together once there is so much of them, or after so long: each write costs as much as a line. */
const WRITE_BYTES = 8_192;
const WRITE_MS = 50;

/**
 * stdout belongs to the stdio transport. Writes are asynchronous, so that a slow reader of the log does not stop
 * the event loop; pino flushes what is left, synchronously, when the process exits.
 */
function stderr(): DestinationStream {
  return pino.destination({
    dest: 2,
    sync: false,
    minLength: WRITE_BYTES,
    periodicFlush: WRITE_MS,
    maxLength: MAX_BACKLOG_BYTES,
  });
}
