import { callToolPatiently } from './call-tool.ts';
import { addressOf } from './service-address.ts';
import { serviceNamed, type ServiceEntry } from './service-entry.ts';
import type { StackSettings } from './stack-settings.ts';
import { token } from './token.ts';
import type { CallTool } from './tool-request.ts';

const TIMEOUT_MS = 60_000;

/** Calls tools of one service of the running stack as the demo client does; patiently, unless told otherwise. */
export async function demoCall(
  settings: StackSettings,
  services: readonly ServiceEntry[],
  name: string | undefined,
  how = callToolPatiently,
): Promise<CallTool> {
  const { url } = addressOf(serviceNamed(services, name), settings);
  const bearer = await token(settings, services, name);
  return (tool, args) => how(url, bearer, { tool, args }, AbortSignal.timeout(TIMEOUT_MS));
}
