import type { Release } from '../compare/contracts.ts';
import { tokensOf } from '../tokens.ts';
import { eventsSection } from './events.ts';
import { blocks } from './markdown.ts';
import { metricsSection, settingsSection } from './operating.ts';
import { promptsSection, resourcesSection } from './reading.ts';
import { toolsSection } from './tools.ts';

/** The reference of one service. */
export function servicePage(
  service: string,
  { contract, version }: Release,
  retryable: ReadonlySet<string>,
): string {
  const { tools = [], resources = [], templates = [], prompts = [] } = contract;
  const { events = [], settings = [], metrics = [] } = contract;
  const names = new Set(tools.map(({ name }) => name));
  const sections = [
    ['Tools', tools.length, toolsSection(tools, tokensOf(tools), retryable)],
    ['Resources', resources.length + templates.length, resourcesSection(resources, templates, names)],
    ['Prompts', prompts.length, promptsSection(prompts, names)],
    ['Events', events.length, eventsSection(events)],
    ['Settings', settings.length, settingsSection(settings, service)],
    ['Metrics', metrics.length, metricsSection(metrics)],
  ] as const;
  const present = sections.filter(([, count]) => count > 0);
  const index = present.map(([title, count]) => `[${title}](#${title.toLowerCase()}) (${count})`);
  return `${blocks(
    `<!-- Written by make docs from apps/${service}/contract: change it there. -->`,
    `# ${service}`,
    `What callers, subscribers and operators of ${service} ${version} can rely on. What it is for and how it works is in its [README](../../apps/${service}/README.md); what all services have in common, in the [overview](README.md).`,
    index.join(' · '),
    ...present.map(([title, , content]) => blocks(`## ${title}`, content)),
  )}\n`;
}
