import { collectSettings, type Setting } from '@gantry/config';
import { ServiceModule } from '@gantry/service';
import type { Type } from '@nestjs/common';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ChartError, ROOT } from './folders.ts';

/** All settings of a service: its own and those of the libraries that it is made of, as its process collects them. */
export async function settingsGroupsOf(service: string) {
  const application = await moduleOf(service);
  return collectSettings({ module: ServiceModule, imports: [application] });
}

/** Its settings by the names of their variables. */
export async function settingsOf(service: string): Promise<ReadonlyMap<string, Setting>> {
  const settings = new Map<string, Setting>();
  for (const group of await settingsGroupsOf(service))
    for (const setting of Object.values(group.settings)) settings.set(setting.name, setting);
  return settings;
}

/** What its `src/index.ts` exports. By path: an app is deployed, not imported, so its package has no entry. */
async function moduleOf(service: string): Promise<Type> {
  const index = pathToFileURL(join(ROOT, 'apps', service, 'src/index.ts')).href;
  const exported = Object.entries((await import(index)) as Record<string, unknown>);
  const module = exported.find(([name]) => name.endsWith('Module'))?.[1];
  if (typeof module !== 'function') throw new ChartError(`apps/${service}/src/index.ts exports no module.`);
  return module as Type;
}
