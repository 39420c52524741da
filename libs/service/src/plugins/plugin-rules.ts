import { collectSettings, type ModuleReference, type Setting } from '@gantry/config';
import { contractFindings, MAX_TOOLS, Prompts, Resources, toolListing } from '@gantry/mcp';
import type { ToolContract } from '@gantry/pipeline';
import type { Offer } from './offer.ts';
import type { LoadedPlugin } from './plugins.ts';

/** What is offered, and by whom. */
interface Party {
  readonly module: ModuleReference;
  readonly offer: Offer;
}

/** In the place of a handler where nothing is read or rendered. */
const IDLE = { read: () => Promise.resolve(''), render: () => Promise.resolve([]) };

/** Why plugins do not fit the service or each other, as sentences without their full stop; none if they fit. */
export function pluginProblems(service: Party, plugins: readonly LoadedPlugin[]): string[] {
  return [
    ...plugins.flatMap((plugin) => [
      ...misfits(plugin),
      ...plugin.offer.tools.flatMap((tool) => contractProblems(plugin, tool)),
    ]),
    ...unfit(service, plugins),
    ...tooMany(service, plugins),
  ];
}

function misfits({ name, offer }: LoadedPlugin): string[] {
  const { tools, resources, resourceTemplates, prompts } = offer;
  const offersNothing = [tools, resources, resourceTemplates, prompts].every((list) => list.length === 0);
  return [
    ...offer.stages.map(
      (stage) =>
        `plugin ${name} provides ${stage}, which takes part in every call: plugins add tools, resources and prompts, how calls are run is up to the service`,
    ),
    ...(offersNothing
      ? [
          `plugin ${name} offers no tool, resource or prompt: its module provides none, or they were marked by a copy of @gantry/pipeline and @gantry/mcp of its own, such as a bundler makes`,
        ]
      : []),
  ];
}

function contractProblems({ name }: LoadedPlugin, tool: ToolContract): string[] {
  const subject = `tool ${tool.name} of plugin ${name}`;
  try {
    toolListing(tool);
    return contractFindings(tool).map((finding) => `${subject} has a bad contract: ${finding}`);
  } catch (error) {
    return [`${subject} has a contract that cannot be read: ${(error as Error).message}`];
  }
}

/** Two that claim one name; both are named. And what a catalogue refuses for another reason. */
function unfit(service: Party, plugins: readonly LoadedPlugin[]): string[] {
  const problems: string[] = [];
  const owners = new Map<string, { owner: string; thing: unknown }>();
  // Nobody uses these: they only tell what would stop the start later, and say it without a plugin's name.
  const resources = new Resources(new Map(), undefined);
  const prompts = new Prompts(new Map());

  function claim(kind: string, name: string, owner: string, thing: unknown = {}): boolean {
    const other = owners.get(`${kind} ${name}`);
    if (!other) owners.set(`${kind} ${name}`, { owner, thing });
    if (!other || other.thing === thing) return true;
    problems.push(`${kind} ${name} of ${owner} clashes with a ${kind} of ${other.owner}`);
    return false;
  }

  function tryOut(owner: string, add: () => void): void {
    try {
      add();
    } catch (error) {
      problems.push(`${owner}: ${(error as Error).message.replace(/\.$/, '')}`);
    }
  }

  const parties = plugins.map((plugin) => ({ ...plugin, owner: `plugin ${plugin.name}` }));
  for (const { owner, module, offer } of [{ ...service, owner: 'the service' }, ...parties]) {
    for (const { name } of offer.tools) claim('tool', name, owner);
    for (const resource of offer.resources)
      if (claim('resource', resource.uri, owner) && claim('resource name', resource.name, owner))
        tryOut(owner, () => resources.addFixed(resource, IDLE));
    for (const template of offer.resourceTemplates)
      if (
        claim('resource template', template.uriTemplate, owner) &&
        claim('resource name', template.name, owner)
      )
        tryOut(owner, () => resources.addTemplate(template, IDLE));
    for (const prompt of offer.prompts)
      if (claim('prompt', prompt.name, owner)) tryOut(owner, () => prompts.add(prompt, IDLE));
    // Using the settings of a library that others use as well is no clash.
    for (const setting of settingsOf(module)) claim('setting', setting.name, owner, setting);
  }
  return problems;
}

function settingsOf(module: ModuleReference): readonly Setting[] {
  return collectSettings(module).flatMap((group) => Object.values(group.settings));
}

function tooMany(service: Party, plugins: readonly LoadedPlugin[]): string[] {
  const added = plugins.map(({ name, offer }) => `plugin ${name} adds ${offer.tools.length}`);
  const total = [service, ...plugins].reduce((sum, { offer }) => sum + offer.tools.length, 0);
  if (total <= MAX_TOOLS) return [];
  return [
    `a service offers at most ${MAX_TOOLS} tools: this one has ${service.offer.tools.length}, ${added.join(', ')}`,
  ];
}
