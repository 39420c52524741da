import { asGantryError, type GantryError } from '@gantry/errors';
import { McpModule } from '@gantry/mcp';
import { ObservabilityModule, ServiceInfo, ServiceInfoModule } from '@gantry/observability';
import { isWrite, toolContractOf } from '@gantry/pipeline';
import { Database, migrate } from '@gantry/postgres';
import { createTestDatabase, startContainer } from '@gantry/testing';
import type { Type } from '@nestjs/common';
import { migrations, RecordsModule } from '../src/records.module.ts';

/** Who calls in a test. */
export interface Caller {
  readonly tenant: string;
  readonly subject: string;
  readonly signal?: AbortSignal;
}

/** The service without its front end: its container over a database of its own. */
export type RecordsApp = Awaited<ReturnType<typeof startRecords>>;

interface AnyHandler {
  call(input: never, call: never): Promise<unknown>;
}

/** Calls by this caller unless a test says otherwise. */
export const ANN: Caller = { tenant: 'acme', subject: 'ann' };

export async function startRecords(env: Record<string, string> = {}) {
  const testDatabase = await createTestDatabase();
  await migrate({ url: testDatabase.ownerUrl, sources: migrations });
  const info = new ServiceInfo('records', 'test');
  const { app, stop } = await startContainer(
    { imports: [ServiceInfoModule.with(info), ObservabilityModule, McpModule, RecordsModule] },
    {
      MCP_DATABASE_URL: testDatabase.serviceUrl,
      MCP_CURSOR_KEYS: 'a key for tests that is long enough',
      MCP_LOG_LEVEL: 'error',
      ...env,
    },
  );
  const database = app.get(Database);

  /** Calls a tool as the pipeline does, in a unit of work of its own; the input is checked, the output too. */
  async function call<Handler extends AnyHandler>(
    type: Type<Handler>,
    input: Record<string, unknown>,
    { tenant, subject, signal = new AbortController().signal }: Caller = ANN,
  ): Promise<Awaited<ReturnType<Handler['call']>>> {
    const tool = toolContractOf(type)!;
    const principal = { tenant, subject, client: 'test', scopes: new Set<string>() };
    const parsed = tool.input.parse(input);
    const handle = () =>
      app.get(type).call(parsed as never, { tool, principal, signal, requestId: 'req_test' } as never);
    const output = await (isWrite(tool)
      ? database.write({ tenant }, handle)
      : database.read({ tenant }, handle));
    return tool.output.parse(output) as Awaited<ReturnType<Handler['call']>>;
  }

  return {
    call,
    database,
    ownerUrl: testDatabase.ownerUrl,
    get: <T>(type: Type<T>): T => app.get(type),
    /** The error that a call is refused with. */
    async refusal(
      type: Type<AnyHandler>,
      input: Record<string, unknown>,
      caller?: Caller,
    ): Promise<GantryError> {
      const answer = await call(type, input, caller).catch(asGantryError);
      if (answer instanceof Error) return answer as GantryError;
      throw new Error(`Not refused: ${JSON.stringify(answer)}`);
    },
    async stop() {
      await stop();
      await testDatabase.drop();
    },
  };
}
