import { AuthModule } from '@gantry/auth';
import { CacheModule } from '@gantry/cache';
import { businessError, sharedError } from '@gantry/errors';
import { ObservabilityModule, ServiceInfo, ServiceInfoModule } from '@gantry/observability';
import {
  defineTool,
  Stage,
  Tool,
  type InputOf,
  type StageRun,
  type ToolCall,
  type ToolContract,
  type ToolHandler,
  type ToolStage,
} from '@gantry/pipeline';
import { Database, PostgresModule } from '@gantry/postgres';
import { Injectable, Module } from '@nestjs/common';
import { z } from 'zod';
import {
  McpModule,
  Prompt,
  Resource,
  ResourceChanges,
  ResourceTemplate,
  type CompletionRequest,
  type PromptHandler,
  type PromptMessage,
  type ResourceHandler,
  type ResourceRequest,
  type ResourceTemplateHandler,
} from '../src/index.ts';

export const notesMigrations = [
  { name: 'notes', directory: new URL('./notes-migrations/', import.meta.url) },
];

/** What the handlers and stages of this process saw. */
export const seen = { reads: 0, calls: [] as string[] };

const writeNote = defineTool({
  name: 'write_note',
  title: 'Write',
  description: 'Writes a note.',
  input: z.strictObject({
    folder: z.string().max(50),
    id: z.string().max(50),
    body: z.string().max(500),
    fail: z.boolean().default(false),
  }),
  output: z.strictObject({}),
  scopes: ['notes:write'],
  effect: 'update',
  errors: ['note_refused'],
});

@Injectable()
@Tool(writeNote)
class WriteNoteTool implements ToolHandler<typeof writeNote> {
  constructor(
    private readonly database: Database,
    private readonly changes: ResourceChanges,
  ) {}

  async call({ folder, id, body, fail }: InputOf<typeof writeNote>, { principal }: ToolCall) {
    const { tenant } = principal;
    await this.database.sql`
      insert into notes (tenant_id, folder, id, body) values (${tenant}, ${folder}, ${id}, ${body})
      on conflict (tenant_id, folder, id) do update set body = excluded.body`;
    await this.changes.updated(tenant, [`notes://folders/${encodeURIComponent(folder)}/notes/${id}`]);
    this.changes.listChanged(tenant);
    if (fail) throw businessError('note_refused', 'No.', 'Nothing.');
    return {};
  }
}

@Injectable()
@ResourceTemplate({
  uriTemplate: 'notes://folders/{folder}/notes/{id}',
  name: 'note',
  title: 'A note',
  description: 'What is written in a note.',
  mimeType: 'text/plain',
  scopes: ['notes:read'],
  ttlMs: 30_000,
})
class NoteResource implements ResourceTemplateHandler {
  constructor(private readonly database: Database) {}

  async read({ folder, id }: Record<string, string>): Promise<string | undefined> {
    seen.reads++;
    if (folder === 'busy') throw sharedError('dependency_unavailable', 'Away.', { retryAfterSeconds: 3 });
    if (folder === 'crash') throw new Error('password=hunter2 at db.internal');
    const [row] = await this.database.sql<{ body: string }[]>`
      select body from notes where folder = ${folder!} and id = ${id!}`;
    return row?.body;
  }

  async list({ principal }: ResourceRequest) {
    const rows = await this.database.sql<{ folder: string; id: string }[]>`
      select folder, id from notes where tenant_id = ${principal.tenant}`;
    return rows.map(({ folder, id }) => ({
      uri: `notes://folders/${encodeURIComponent(folder)}/notes/${id}`,
      name: id,
      title: `Note ${id}`,
    }));
  }

  async complete(variable: string, prefix: string, { chosen }: CompletionRequest): Promise<string[]> {
    const { sql } = this.database;
    const rows =
      variable === 'folder'
        ? await sql<{ value: string }[]>`
            select distinct folder as value from notes where folder like ${`${prefix}%`} order by 1 limit 101`
        : await sql<{ value: string }[]>`
            select id as value from notes
            where folder = ${chosen['folder'] ?? ''} and id like ${`${prefix}%`} order by 1 limit 101`;
    return rows.map(({ value }) => value);
  }
}

/** Depends on who reads. */
@Injectable()
@ResourceTemplate({
  uriTemplate: 'notes://me/{aspect}',
  name: 'me',
  title: 'Me',
  description: 'Who you are.',
  mimeType: 'text/plain',
  scopes: [],
  ttlMs: 30_000,
  cache: 'none',
})
class MeResource implements ResourceTemplateHandler {
  read({ aspect }: Record<string, string>, { principal }: ResourceRequest): Promise<string | undefined> {
    return Promise.resolve(aspect === 'subject' ? principal.subject : undefined);
  }
}

@Injectable()
@ResourceTemplate({
  uriTemplate: 'notes://secrets/{id}',
  name: 'secret',
  title: 'A secret',
  description: 'For administrators.',
  mimeType: 'text/plain',
  scopes: ['notes:admin'],
  ttlMs: 0,
})
class SecretResource implements ResourceTemplateHandler {
  read(): Promise<string> {
    return Promise.resolve('secret');
  }

  complete(): Promise<string[]> {
    return Promise.resolve(['secret-1']);
  }
}

@Injectable()
@Resource({
  uri: 'notes://help',
  name: 'help',
  title: 'Help',
  description: 'How to use notes.',
  mimeType: 'text/plain',
  scopes: [],
  ttlMs: 60_000,
})
class HelpResource implements ResourceHandler {
  read(): Promise<string> {
    return Promise.resolve('Write notes.');
  }
}

const reviewNote = {
  name: 'review_note',
  title: 'Review a note',
  description: 'Asks for a review of a note.',
  arguments: z.strictObject({
    id: z.string().max(50).describe('Id of the note.'),
    tone: z.enum(['kind', 'strict']).optional().describe('How to say it.'),
  }),
  scopes: ['notes:read'],
};

@Injectable()
@Prompt(reviewNote)
class ReviewNotePrompt implements PromptHandler<typeof reviewNote> {
  render({ id, tone }: { id: string; tone?: 'kind' | 'strict' | undefined }): Promise<PromptMessage[]> {
    if (id === 'crash') throw new Error('password=hunter2');
    return Promise.resolve([
      { role: 'user', content: { type: 'text', text: `Review ${id}, ${tone ?? 'kind'}.` } },
      {
        role: 'user',
        content: { type: 'resource', resource: { uri: 'notes://help', text: 'Write notes.' } },
      },
    ]);
  }

  complete(argument: string, prefix: string): Promise<string[]> {
    const values = argument === 'tone' ? ['kind', 'strict'] : Array.from({ length: 150 }, (_, i) => `n${i}`);
    return Promise.resolve(values.filter((value) => value.startsWith(prefix)));
  }
}

@Injectable()
@Prompt({
  name: 'admin_prompt',
  title: 'Administer',
  description: 'For administrators.',
  arguments: z.strictObject({}),
  scopes: ['notes:admin'],
})
class AdminPrompt implements PromptHandler {
  render(): Promise<PromptMessage[]> {
    return Promise.resolve([{ role: 'user', content: { type: 'text', text: 'Administer.' } }]);
  }
}

/** Sees how every call ends, as the audit does. */
@Injectable()
@Stage('audit-outcome')
class SeeingStage implements ToolStage {
  forTool({ name }: ToolContract): StageRun {
    return async (call, next) => {
      const outcome = await next(call);
      seen.calls.push(`${name} ${outcome.ok ? 'ok' : outcome.error.code}`);
      return outcome;
    };
  }
}

/** A small service of notes, with all that a service has. */
@Module({
  imports: [
    ServiceInfoModule.with(new ServiceInfo('notes', '1.0.0')),
    ObservabilityModule,
    PostgresModule.forRoot({ migrations: notesMigrations }),
    CacheModule,
    AuthModule.forRoot(),
    McpModule,
  ],
  providers: [
    WriteNoteTool,
    NoteResource,
    MeResource,
    SecretResource,
    HelpResource,
    ReviewNotePrompt,
    AdminPrompt,
    SeeingStage,
  ],
})
export class NotesModule {}
