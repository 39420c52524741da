import { join } from 'node:path';
import { DEMO_CLIENT, DEMO_CLIENTS, requestDemoToken } from './demo-client.ts';
import { RunningMark } from './running-mark.ts';
import { SecretFolder } from './secret-folder.ts';
import { addressOf, issuerOf } from './service-address.ts';
import { serviceNamed, type ServiceEntry } from './service-entry.ts';
import { StackError, type StackSettings } from './stack-settings.ts';

/** A fresh token of a demo client for one service of the running stack. */
export async function token(
  settings: StackSettings,
  services: readonly ServiceEntry[],
  name: string | undefined = services[0]?.name,
  client = DEMO_CLIENT,
): Promise<string> {
  const entry = serviceNamed(services, name);
  if (!DEMO_CLIENTS.includes(client)) {
    throw new StackError(`There is no client '${client}'; there are: ${DEMO_CLIENTS.join(', ')}.`);
  }
  if ((await new RunningMark(settings.stateDirectory).owner()) === undefined) {
    throw new StackError('Gantry does not run. Start it first: make serve');
  }
  const secrets = await SecretFolder.open(join(settings.stateDirectory, 'secrets'));
  const resource = { audience: addressOf(entry, settings).url, scopes: entry.scopes };
  return requestDemoToken(issuerOf(settings), secrets, resource, client);
}
