import { join } from 'node:path';
import { requestDemoToken } from './demo-client.ts';
import { RunningMark } from './running-mark.ts';
import { SecretFolder } from './secret-folder.ts';
import { addressOf, issuerOf } from './service-address.ts';
import type { ServiceEntry } from './services.ts';
import { StackError, type StackSettings } from './stack-settings.ts';

/** A fresh token of the demo client for one service of the running stack. */
export async function token(
  settings: StackSettings,
  services: readonly ServiceEntry[],
  name = services[0]?.name,
): Promise<string> {
  const entry = services.find((service) => service.name === name);
  if (!entry) {
    throw new StackError(
      `There is no service '${name}'; there are: ${services.map((each) => each.name).join(', ')}.`,
    );
  }
  if ((await new RunningMark(settings.stateDirectory).owner()) === undefined) {
    throw new StackError('Gantry does not run. Start it first: make serve');
  }
  const secrets = await SecretFolder.open(join(settings.stateDirectory, 'secrets'));
  const { url } = addressOf(entry, settings);
  return `${await requestDemoToken(issuerOf(settings), secrets, { audience: url, scopes: entry.scopes })}\n`;
}
