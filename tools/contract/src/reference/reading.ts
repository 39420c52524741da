import type { PromptSnapshot, ResourceSnapshot, TemplateSnapshot } from '../snapshot.ts';
import { fieldsOf } from './fields.ts';
import { blocks, code, duration, grouped, prose, table } from './markdown.ts';

/** Resources: fixed ones, and families of them. */
export function resourcesSection(
  resources: readonly ResourceSnapshot[],
  templates: readonly TemplateSnapshot[],
  tools: ReadonlySet<string>,
): string {
  const all = [
    ...resources.map((one) => ({ ...one, address: one.uri })),
    ...templates.map((one) => ({ ...one, address: one.uriTemplate })),
  ];
  const rows = all.map(({ address, description, mimeType, scopes, ttlMs, limits }) => [
    code(address),
    prose(description, tools),
    scopes.map(code).join(' and ') || 'none',
    code(mimeType),
    ttlMs === 0 ? 'no' : duration(ttlMs),
    grouped(limits.callsPerMinute),
    duration(limits.deadlineMs),
  ]);
  return table(['URI', 'shows', 'scope', 'type', 'may be kept', 'reads a minute', 'deadline'], rows);
}

/** Prompts. */
export function promptsSection(prompts: readonly PromptSnapshot[], tools: ReadonlySet<string>): string {
  return blocks(...prompts.map((prompt) => promptSection(prompt, tools)));
}

function promptSection(prompt: PromptSnapshot, tools: ReadonlySet<string>): string {
  const rows = fieldsOf(prompt.arguments).map(({ path, required, bounds, description }) => [
    code(path),
    required ? 'yes' : '',
    bounds,
    prose(description, tools),
  ]);
  const { scopes, limits } = prompt;
  return blocks(
    `### ${prompt.name}`,
    prose(prompt.description, tools),
    table(
      ['scope', 'renderings a minute', 'deadline'],
      [
        [
          scopes.map(code).join(' and ') || 'none',
          grouped(limits.callsPerMinute),
          duration(limits.deadlineMs),
        ],
      ],
    ),
    table(['argument', 'required', 'bounds', 'description'], rows),
  );
}
