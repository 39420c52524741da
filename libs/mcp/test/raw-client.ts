import { sendRaw, type RawAnswer } from '@gantry/testing';

/** Calls a tool over plain HTTP and returns its result. */
export async function callRaw(url: string, token: string, name: string, args: unknown): Promise<RawAnswer> {
  return sendRaw(url, token, { method: 'tools/call', params: { name, arguments: args } });
}
