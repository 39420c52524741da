import { Injectable, type LoggerService } from '@nestjs/common';
import { Log } from './log.ts';

/** Where Nest tells, one line per module and route, how it builds the container. */
const CHATTER: ReadonlySet<unknown> = new Set([
  'InstanceLoader',
  'NestFactory',
  'NestApplication',
  'RouterExplorer',
  'RoutesResolver',
]);

/** Nest's own log, written to {@link Log}: `app.useLogger(app.get(NestLog))`. */
@Injectable()
export class NestLog implements LoggerService {
  constructor(private readonly target: Log) {}

  log(message: unknown, ...params: unknown[]): void {
    this.write(CHATTER.has(params.at(-1)) ? 'debug' : 'info', message, params);
  }

  error(message: unknown, ...params: unknown[]): void {
    this.write('error', message, params);
  }

  warn(message: unknown, ...params: unknown[]): void {
    this.write('warn', message, params);
  }

  debug(message: unknown, ...params: unknown[]): void {
    this.write('debug', message, params);
  }

  verbose(message: unknown, ...params: unknown[]): void {
    this.write('trace', message, params);
  }

  fatal(message: unknown, ...params: unknown[]): void {
    this.write('fatal', message, params);
  }

  /** Nest passes what it wants to add first, a stack or values, and the name of the component last. */
  private write(
    level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal',
    message: unknown,
    params: unknown[],
  ) {
    const component = typeof params.at(-1) === 'string' ? params.at(-1) : undefined;
    const details = params
      .slice(0, component === undefined ? undefined : -1)
      .filter((item) => item !== undefined);
    const fields = { component, ...(details.length > 0 && { details }) };
    if (typeof message === 'string') this.target[level](fields, message);
    else if (message instanceof Error) this.target[level]({ ...fields, err: message }, message.message);
    else this.target[level]({ ...fields, message }, 'nest');
  }
}
