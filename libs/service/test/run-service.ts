import { afterEach, beforeEach, jest } from '@jest/globals';
import { createService } from '../src/index.ts';
import { FixtureModule } from './fixture.ts';

const packageJson = new URL('../package.json', import.meta.url);

class Exit extends Error {
  constructor(readonly status: unknown) {
    super(`exit ${String(status)}`);
  }
}

/** {@link createService} as if this were its process. */
export interface ServiceRun {
  /** What it wrote to stderr. */
  readonly written: string;
  /** Runs it until it exits. @returns the first exit status: a caught Exit leads to another. */
  run(env?: Record<string, string>, ...args: string[]): Promise<unknown>;
}

/** Lets each test of a file run the fixture as a process does. */
export function useServiceRun(): ServiceRun {
  const { env, argv } = process;
  let written: string;

  beforeEach(() => {
    written = '';
    jest.spyOn(process, 'exit').mockImplementation((status) => {
      throw new Exit(status);
    });
    jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
      written += String(text);
      return true;
    });
  });
  afterEach(() => {
    jest.restoreAllMocks();
    process.removeAllListeners('SIGTERM');
    process.removeAllListeners('SIGINT');
    process.env = env;
    process.argv = argv;
  });

  return {
    get written() {
      return written;
    },
    async run(settings = {}, ...args) {
      process.env = { PATH: env['PATH'], MCP_LOG_LEVEL: 'fatal', ...settings };
      process.argv = [...argv.slice(0, 2), ...args];
      await createService(FixtureModule, packageJson).catch((error: unknown) => {
        if (!(error instanceof Exit)) throw error;
      });
      return jest.mocked(process.exit).mock.calls[0]?.[0];
    },
  };
}
