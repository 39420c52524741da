import { isSharedErrorCode, SHARED_ERRORS } from '@gantry/errors';
import { shown } from '../compare/change.ts';
import type { Schema } from '../schema.ts';
import type { ToolSnapshot } from '../snapshot.ts';
import { adviceIn, type Advice } from './advice.ts';
import { fieldsOf, type Field } from './fields.ts';
import { anchor, blocks, capital, code, duration, folded, grouped, prose, table } from './markdown.ts';

/** What is said of tools, and is not in the contract. */
export interface ToolContext {
  /** Names of all tools of the service: where one is spoken of, a link leads there. */
  readonly names: ReadonlySet<string>;
  readonly retryable: ReadonlySet<string>;
}

/** More rows than this are folded. */
const LONG = 12;

/** All tools, at a glance and then one by one. */
export function toolsSection(
  tools: readonly ToolSnapshot[],
  tokens: number,
  retryable: ReadonlySet<string>,
): string {
  const context = { names: new Set(tools.map(({ name }) => name)), retryable };
  const overview = tools.map(({ name, title, scopes, effect }) => [
    `[${code(name)}](#${anchor(name)})`,
    title,
    scopes.map(code).join(', '),
    effect,
  ]);
  return blocks(
    `To know them all costs a model ${grouped(tokens)} tokens.`,
    table(['tool', 'does', 'scope', 'effect'], overview),
    ...tools.map((tool) => toolSection(tool, context)),
  );
}

function toolSection(tool: ToolSnapshot, { names, retryable }: ToolContext): string {
  const advice = adviceIn(tool.description);
  const others = new Set([...names].filter((name) => name !== tool.name));
  const [does = '', ...more] = advice.sentences.map((sentence) => prose(sentence, others));
  return blocks(
    `### ${tool.name}`,
    does,
    more.map((sentence) => `- ${sentence}`).join('\n'),
    facts(tool),
    inputTable(tool.inputSchema, others),
    outputTable(tool, others),
    errorTable(tool, advice, retryable, others),
  );
}

function facts({ version = 1, scopes, effect, inputSchema, limits, startsOperation }: ToolSnapshot): string {
  const { callsPerMinute, concurrent, deadlineMs } = limits;
  return table(
    ['scope', 'effect', 'idempotency key', 'calls a minute', 'at once', 'deadline', 'operation', 'version'],
    [
      [
        scopes.map(code).join(' and ') || 'none',
        effect,
        keyRule(inputSchema),
        grouped(callsPerMinute),
        grouped(concurrent),
        duration(deadlineMs),
        startsOperation ? 'may start one' : '',
        String(version),
      ],
    ],
  );
}

function keyRule({ properties = {}, required = [] }: Schema): string {
  if (!properties['idempotency_key']) return 'none';
  return required.includes('idempotency_key') ? 'required' : 'optional';
}

function inputTable(schema: Schema, names: ReadonlySet<string>): string {
  const rows = fieldsOf(schema).map((field) => [
    code(field.path),
    field.type,
    field.required ? 'yes' : '',
    // The same for every tool, and too long to be repeated.
    ...(field.path === 'idempotency_key'
      ? ['', 'Names the intent: see [idempotency keys](README.md#idempotency-keys).']
      : [limitsOf(field), prose(field.description, names)]),
  ]);
  return section('Input', 'It takes no input.', ['name', 'type', 'required', 'bounds', 'description'], rows);
}

function limitsOf({ bounds, default: fallback }: Field): string {
  return [bounds, fallback === undefined ? '' : `default ${code(shown(fallback))}`]
    .filter((text) => text !== '')
    .join('; ');
}

function outputTable({ outputSchema }: ToolSnapshot, names: ReadonlySet<string>): string {
  const rows = fieldsOf(outputSchema).map(({ path, type, required, description }) => [
    code(path),
    type,
    required ? 'yes' : '',
    prose(description, names),
  ]);
  return section(
    'Output',
    'It returns nothing but that it was done.',
    ['field', 'type', 'always there', 'description'],
    rows,
  );
}

/** Its own, and of those that any tool has what this one says more of. */
function errorTable(
  { errors }: ToolSnapshot,
  { onError }: Advice,
  retryable: ReadonlySet<string>,
  names: ReadonlySet<string>,
): string {
  const told = [...onError.keys()].filter((name) => isSharedErrorCode(name));
  const rows = [...errors, ...told].map((name) => {
    const shared = isSharedErrorCode(name) ? SHARED_ERRORS[name] : undefined;
    return [
      code(name),
      (shared?.category ?? 'business_error').replace('_', ' '),
      (shared?.retryable ?? retryable.has(name)) ? 'yes' : 'no',
      prose(capital(onError.get(name) ?? ''), names),
    ];
  });
  const note = 'and [those of any tool](README.md#errors)';
  if (rows.length === 0) return '**Errors**: [those of any tool](README.md#errors).';
  return blocks(`**Errors**, ${note}`, table(['code', 'category', 'retryable', 'what to do'], rows));
}

function section(title: string, none: string, head: readonly string[], rows: readonly string[][]): string {
  if (rows.length === 0) return `**${title}**: ${none[0]!.toLowerCase()}${none.slice(1)}`;
  const content = table(head, rows);
  return rows.length > LONG
    ? folded(`<b>${title}</b>: ${rows.length} fields`, content)
    : blocks(`**${title}**`, content);
}
